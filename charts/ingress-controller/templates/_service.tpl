{{- /* A Service. Takes a list: the root, its values, what its name ends in. */ -}}
{{- define "ingress-controller.service" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $isBalanced := eq $service.type "LoadBalancer" -}}
{{- $isExternal := ne $service.type "ClusterIP" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "ingress-controller.fullname" $root }}{{ index . 2 }}
  namespace: {{ $root.Release.Namespace | quote }}
  labels:
    {{- include "ingress-controller.labels" $root | nindent 4 }}
    {{- with $service.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  {{- if $isExternal }}
  externalTrafficPolicy: {{ $service.externalTrafficPolicy }}
  {{- end }}
  {{- if $isBalanced }}
  {{- with $service.loadBalancerClass }}
  loadBalancerClass: {{ . | quote }}
  {{- end }}
  {{- with $service.loadBalancerIP }}
  loadBalancerIP: {{ . | quote }}
  {{- end }}
  {{- with $service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if kindIs "bool" $service.allocateLoadBalancerNodePorts }}
  allocateLoadBalancerNodePorts: {{ $service.allocateLoadBalancerNodePorts }}
  {{- end }}
  {{- if and $service.healthCheckNodePort (eq $service.externalTrafficPolicy "Local") }}
  healthCheckNodePort: {{ $service.healthCheckNodePort }}
  {{- end }}
  {{- end }}
  {{- with $service.externalIPs }}
  externalIPs:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.ipFamilies }}
  ipFamilies:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.ipFamilyPolicy }}
  ipFamilyPolicy: {{ . }}
  {{- end }}
  sessionAffinity: {{ $service.sessionAffinity }}
  {{- if and (eq $service.sessionAffinity "ClientIP") $service.sessionAffinityTimeoutSeconds }}
  sessionAffinityConfig:
    clientIP:
      timeoutSeconds: {{ $service.sessionAffinityTimeoutSeconds }}
  {{- end }}
  {{- with include "ingress-controller.trafficDistribution" (list $root $service.trafficDistribution) }}
  {{- . | nindent 2 }}
  {{- end }}
  selector:
    {{- include "ingress-controller.selectorLabels" $root | nindent 4 }}
  ports:
    {{- range $name, $port := $service.ports }}
    {{- if $port.enabled }}
    - name: {{ $name }}
      port: {{ $port.port }}
      targetPort: {{ $port.targetPort }}
      protocol: TCP
      {{- if and $port.nodePort $isExternal }}
      nodePort: {{ $port.nodePort }}
      {{- end }}
      {{- with $port.appProtocol }}
      appProtocol: {{ . }}
      {{- end }}
    {{- end }}
    {{- end }}
    {{- with include "ingress-controller.streamServicePorts" $root | trim }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- /* The field is there from Kubernetes 1.31 on; PreferSameZone and PreferSameNode from 1.34 on. */ -}}
{{- define "ingress-controller.trafficDistribution" -}}
{{- $version := (index . 0).Capabilities.KubeVersion.Version -}}
{{- $wish := index . 1 -}}
{{- if and $wish (semverCompare ">=1.34.0-0" $version) -}}
trafficDistribution: {{ $wish }}
{{- else if and $wish (semverCompare ">=1.31.0-0" $version) -}}
trafficDistribution: PreferClose
{{- end -}}
{{- end -}}
