{{- /* What the program does with objects that are in a namespace. */ -}}
{{- define "ingress-controller.namespacedRules" -}}
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status]
  verbs: [get, patch]
- apiGroups: [""]
  resources: [services, secrets, configmaps]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- with include "ingress-controller.acmeRules" . }}
{{ . }}
{{- end }}
{{- end -}}

{{- /* And with objects that are in none. */ -}}
{{- define "ingress-controller.clusterRules" -}}
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
{{- end -}}

{{- /* And in its own namespace: the Lease by which one replica becomes the leader. */ -}}
{{- define "ingress-controller.ownRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, create, update]
{{- end -}}

{{- /* And with its own Service, where its namespace is not watched: resourceNames are enough for a list and a watch by metadata.name. */ -}}
{{- define "ingress-controller.serviceRules" -}}
{{- $watched := .Values.controller.watchNamespaces -}}
{{- if and $watched .Values.publish.service .Values.service.enabled (not .Values.publish.addresses) (not (has .Release.Namespace $watched)) -}}
- apiGroups: [""]
  resources: [services]
  resourceNames: [{{ include "ingress-controller.fullname" . | quote }}]
  verbs: [list, watch]
{{- end -}}
{{- end -}}

{{- /* And with the default backend, where that is in a namespace that is not watched. EndpointSlices have names of their own making. */ -}}
{{- define "ingress-controller.backendRules" -}}
- apiGroups: [""]
  resources: [services]
  resourceNames: [{{ . | quote }}]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
{{- end -}}

{{- /* And with the default certificate, where that is in a namespace that is not watched. */ -}}
{{- define "ingress-controller.certificateRules" -}}
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ . | quote }}]
  verbs: [list, watch]
{{- end -}}

{{- define "ingress-controller.subjects" -}}
- kind: ServiceAccount
  name: {{ include "ingress-controller.serviceAccountName" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
{{- end -}}

{{- /* A Role and its binding. Takes a list: the root, the name, the namespace, the rules. */ -}}
{{- define "ingress-controller.role" -}}
{{- $root := index . 0 -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ index . 1 }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- include "ingress-controller.labels" $root | nindent 4 }}
rules:
  {{- index . 3 | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ index . 1 }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- include "ingress-controller.labels" $root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ index . 1 }}
subjects:
  {{- include "ingress-controller.subjects" $root | nindent 2 }}
{{- end -}}
