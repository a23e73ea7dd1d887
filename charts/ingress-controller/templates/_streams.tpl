{{- /* What a TCP or UDP service is called as a port. Takes a list: the protocol, the port. */ -}}
{{- define "ingress-controller.streamPort" -}}
{{- printf "%s-%s" (index . 0) (index . 1) -}}
{{- end -}}

{{- define "ingress-controller.streamArgs" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- if index $.Values $protocol }}
- --{{ $protocol }}-services-configmap={{ $.Release.Namespace }}/{{ include "ingress-controller.fullname" $ }}-{{ $protocol }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.streamContainerPorts" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- range $port, $_ := index $.Values $protocol }}
- name: {{ include "ingress-controller.streamPort" (list $protocol $port) }}
  containerPort: {{ $port }}
  protocol: {{ upper $protocol }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.streamServicePorts" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- range $port, $_ := index $.Values $protocol }}
- name: {{ include "ingress-controller.streamPort" (list $protocol $port) }}
  port: {{ $port }}
  targetPort: {{ include "ingress-controller.streamPort" (list $protocol $port) }}
  protocol: {{ upper $protocol }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.streamPolicyPorts" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- range $port, $_ := index $.Values $protocol }}
- port: {{ include "ingress-controller.streamPort" (list $protocol $port) }}
  protocol: {{ upper $protocol }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* The ConfigMaps of these services, where the namespace is not watched. */ -}}
{{- define "ingress-controller.streamRules" -}}
{{- $watched := .Values.controller.watchNamespaces -}}
{{- if and $watched (or .Values.tcp .Values.udp) (not (has .Release.Namespace $watched)) -}}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [{{ include "ingress-controller.fullname" . }}-tcp, {{ include "ingress-controller.fullname" . }}-udp]
  verbs: [list, watch]
{{- end -}}
{{- end -}}
