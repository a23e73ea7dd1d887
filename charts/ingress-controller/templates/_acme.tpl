{{- /* "true" where certificates are obtained. */ -}}
{{- define "ingress-controller.acme" -}}
{{- if or .Values.acme.email .Values.acme.directory }}true{{ end -}}
{{- end -}}

{{- define "ingress-controller.acmeState" -}}
{{- include "ingress-controller.fullname" . }}-acme
{{- end -}}

{{- define "ingress-controller.acmeFiles" -}}
/etc/ingress-controller/acme
{{- end -}}

{{- /* The settings of one authority, a line each: the flags without --acme-. Takes a list: the authority, its name. */ -}}
{{- define "ingress-controller.acmeSettings" -}}
{{- $issuer := index . 0 -}}
{{- $files := printf "%s/%s" (include "ingress-controller.acmeFiles" .) (index . 1) -}}
{{- with $issuer.directory }}
directory={{ . }}
{{- end }}
{{- with $issuer.email }}
email={{ . }}
{{- end }}
{{- if dig "caBundle" "configMap" "" $issuer }}
ca-bundle={{ $files }}/ca
{{- end }}
{{- with dig "eab" "keyId" "" $issuer }}
eab-key-id={{ . }}
{{- end }}
{{- if dig "eab" "secret" "" $issuer }}
eab-key-file={{ $files }}/eab
{{- end }}
{{- with $issuer.keyType }}
key-type={{ . }}
{{- end }}
{{- with $issuer.profile }}
profile={{ . }}
{{- end }}
{{- with $issuer.preferredChain }}
preferred-chain={{ . }}
{{- end }}
{{- range $issuer.challenges }}
challenge={{ . }}
{{- end }}
{{- with $issuer.dns }}
{{- with .server }}
dns-server={{ . }}
{{- end }}
{{- with .tsig }}
{{- with .name }}
dns-tsig-name={{ . }}
{{- end }}
{{- with .algorithm }}
dns-tsig-algorithm={{ . }}
{{- end }}
{{- if .secret }}
dns-tsig-secret-file={{ $files }}/tsig
{{- end }}
{{- end }}
{{- with .exec }}
dns-exec={{ . }}
{{- end }}
{{- with .webhook }}
dns-webhook={{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.acmeArgs" -}}
{{- range include "ingress-controller.acmeSettings" (list .Values.acme "default") | trim | splitList "\n" | compact }}
- {{ printf "--acme-%s" . | quote }}
{{- end }}
{{- range .Values.acme.issuers }}
- {{ printf "--acme-issuer=name=%s" (include "ingress-controller.acmeSettings" (list . .name) | trimSuffix "\n" | replace "\n" "," | printf "%s%s" .name) | quote }}
{{- end }}
{{- range .Values.acme.allowedDomains }}
- {{ printf "--acme-allowed-domain=%s" . | quote }}
{{- end }}
{{- if .Values.acme.allowInternalNames }}
- --acme-allow-internal-names
{{- end }}
{{- end -}}

{{- /* What of it is in files. Takes a list: the authority, its name. */ -}}
{{- define "ingress-controller.acmeSources" -}}
{{- $issuer := index . 0 -}}
{{- $name := index . 1 -}}
{{- with $issuer.caBundle }}
{{- if .configMap }}
- configMap:
    name: {{ .configMap | quote }}
    items: [{key: {{ default "ca.crt" .key | quote }}, path: {{ $name }}/ca}]
{{- end }}
{{- end }}
{{- with $issuer.eab }}
{{- if .secret }}
- secret:
    name: {{ .secret | quote }}
    items: [{key: {{ default "key" .key | quote }}, path: {{ $name }}/eab}]
{{- end }}
{{- end }}
{{- with dig "dns" "tsig" (dict) $issuer }}
{{- if .secret }}
- secret:
    name: {{ .secret | quote }}
    items: [{key: {{ default "key" .key | quote }}, path: {{ $name }}/tsig}]
{{- end }}
{{- end }}
{{- end -}}

{{- define "ingress-controller.acmeVolumes" -}}
{{- $sources := include "ingress-controller.acmeSources" (list .Values.acme "default") -}}
{{- range .Values.acme.issuers -}}
{{- $sources = printf "%s%s" $sources (include "ingress-controller.acmeSources" (list . .name)) -}}
{{- end -}}
{{- with $sources | trim -}}
- name: acme
  projected:
    sources:
      {{- . | nindent 6 }}
{{- end -}}
{{- end -}}

{{- /* What it does with the Secrets of Ingresses. */ -}}
{{- define "ingress-controller.acmeRules" -}}
{{- if include "ingress-controller.acme" . -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, update]
{{- end -}}
{{- end -}}

{{- /* And with its own one, where its namespace is not watched. No name can be said of what is not there yet. */ -}}
{{- define "ingress-controller.acmeStateRules" -}}
{{- $watched := .Values.controller.watchNamespaces -}}
{{- if and (include "ingress-controller.acme" .) $watched (not (has .Release.Namespace $watched)) -}}
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "ingress-controller.acmeState" . | quote }}]
  verbs: [get, list, watch, update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
{{- end -}}
{{- end -}}
