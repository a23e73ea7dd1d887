{{- /* "true" where a preStop hook may sleep. */ -}}
{{- define "ingress-controller.canSleep" -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version }}true{{ end -}}
{{- end -}}

{{- /* In the node's network the program listens where clients reach it; else a host port leads to it. */ -}}
{{- define "ingress-controller.httpPort" -}}
{{- ternary .Values.hostPorts.http 8080 (and .Values.hostNetwork .Values.hostPorts.enabled) -}}
{{- end -}}

{{- define "ingress-controller.httpsPort" -}}
{{- ternary .Values.hostPorts.https 8443 (and .Values.hostNetwork .Values.hostPorts.enabled (ne 0 (int .Values.hostPorts.https))) -}}
{{- end -}}

{{- define "ingress-controller.args" -}}
{{- $shutdown := .Values.shutdown -}}
{{- $delay := int $shutdown.delaySeconds -}}
{{- if not (include "ingress-controller.canSleep" .) -}}
{{- $delay = add $delay $shutdown.preStopSleepSeconds -}}
{{- end -}}
- run
- --http-port={{ include "ingress-controller.httpPort" . }}
- --https-port={{ include "ingress-controller.httpsPort" . }}
- --public-https-port={{ int .Values.controller.publicHttpsPort }}
- --admin-port=9090
- --controller-name={{ .Values.ingressClass.controllerName }}
{{- range .Values.controller.additionalControllerNames }}
- --controller-name={{ . }}
{{- end }}
- --ingress-class={{ .Values.ingressClass.name }}
{{- if .Values.controller.watchIngressWithoutClass }}
- --watch-ingress-without-class
{{- end }}
{{- range .Values.controller.watchNamespaces }}
- --watch-namespace={{ . }}
{{- end }}
{{- with .Values.controller.defaultBackendService }}
- --default-backend-service={{ . }}
{{- end }}
{{- if .Values.controller.allowExternalNames }}
- --allow-external-names
{{- end }}
{{- with .Values.controller.defaultTlsSecret }}
- --default-tls-secret={{ . }}
{{- end }}
{{- range .Values.controller.trustedProxies }}
- {{ printf "--trusted-proxies=%s" . | quote }}
{{- end }}
{{- if .Values.controller.proxyProtocol }}
- --proxy-protocol
{{- end }}
{{- if .Values.publish.addresses }}
{{- range .Values.publish.addresses }}
- {{ printf "--publish-address=%s" . | quote }}
{{- end }}
{{- else if and .Values.publish.service .Values.service.enabled }}
- --publish-service={{ .Release.Namespace }}/{{ include "ingress-controller.fullname" . }}
{{- end }}
{{- with include "ingress-controller.streamArgs" . | trim }}
{{ . }}
{{- end }}
{{- with include "ingress-controller.acmeArgs" . | trim }}
{{- if not (include "ingress-controller.acme" $) }}
{{- fail "acme: its values say nothing without acme.email or acme.directory" }}
{{- end }}
- --acme-state-secret={{ include "ingress-controller.acmeState" $ }}
{{ . }}
{{- end }}
- --shutdown-delay={{ $delay }}s
- --shutdown-grace-period={{ int $shutdown.gracePeriodSeconds }}s
- --log-format={{ .Values.controller.logFormat }}
{{- if .Values.metrics.nginxNames }}
- --nginx-metric-names
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{- /* The downward API: who and where this pod is. The zone's label is on pods from Kubernetes 1.35 on; an empty variable counts as none. */ -}}
{{- define "ingress-controller.env" -}}
- name: INGRESS__PODNAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: INGRESS__PODNAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: INGRESS__NODENAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
- name: INGRESS__ZONE
  valueFrom: {fieldRef: {fieldPath: "metadata.labels['topology.kubernetes.io/zone']"}}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.ports" -}}
- name: http
  containerPort: {{ include "ingress-controller.httpPort" . }}
  {{- if .Values.hostPorts.enabled }}
  hostPort: {{ .Values.hostPorts.http }}
  {{- end }}
- name: https
  containerPort: {{ include "ingress-controller.httpsPort" . }}
  {{- if and .Values.hostPorts.enabled .Values.hostPorts.https }}
  hostPort: {{ .Values.hostPorts.https }}
  {{- end }}
- name: admin
  containerPort: 9090
{{- with include "ingress-controller.streamContainerPorts" . | trim }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.affinity" -}}
{{- if .Values.affinity -}}
affinity:
  {{- toYaml .Values.affinity | nindent 2 }}
{{- else if eq .Values.podAntiAffinity "hard" -}}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "ingress-controller.selectorLabels" . | nindent 12 }}
{{- else if eq .Values.podAntiAffinity "soft" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "ingress-controller.selectorLabels" . | nindent 14 }}
{{- end -}}
{{- end -}}

{{- define "ingress-controller.topologySpread" -}}
{{- $own := dict "matchLabels" (include "ingress-controller.selectorLabels" . | fromYaml) -}}
{{- range .Values.topologySpreadConstraints }}
- {{ toYaml (merge (dict) . (dict "labelSelector" (ternary .labelSelector $own (hasKey . "labelSelector")))) | nindent 2 | trim }}
{{- end }}
{{- end -}}
