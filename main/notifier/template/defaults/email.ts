/**
 * A mail when a group is in trouble. As Burrow's, but a lag is a number or `unknown` and never `{5}` (spec 09, F8), and what is not
 * known of a partition does not end the message.
 */
export const emailOpen = `Subject: [Burrow] Kafka Consumer Lag Alert

The Kafka consumer groups you are monitoring are currently showing problems. The following groups are in a problem state (groups not listed are OK):

Cluster:  {{.Result.Cluster}}
Group:    {{.Result.Group}}
Status:   {{.Result.Status}}
Since:    {{.Start.UTC.Format "2006-01-02 15:04:05 UTC"}}
Complete: {{.Result.Complete}}
Lag:      {{.Result.TotalLag}}
Errors:   {{len .Result.Partitions}} of {{.Result.TotalPartitions}} partitions have problems
{{- range .Result.Partitions}}
          {{.Status}} {{.Topic}}:{{.Partition}} {{template "commit" .Start}} -> {{template "commit" .End}}
{{- end}}

{{- define "commit"}}
  {{- with .}}({{.Timestamp}}, {{.Offset}}, {{with .Lag}}{{.Value}}{{else}}unknown{{end}}){{else}}(no commit){{end}}
{{- end}}
`

/** A mail when the incident is over. */
export const emailClose = `Subject: [Burrow] Kafka Consumer Lag Alert is over

Cluster:  {{.Result.Cluster}}
Group:    {{.Result.Group}}
Status:   {{.Result.Status}}
Since:    {{.Start.UTC.Format "2006-01-02 15:04:05 UTC"}} (start of the incident)
Lag:      {{.Result.TotalLag}}
`
