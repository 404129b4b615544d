/**
 * Messages for a webhook of Slack. As Burrow's, but in UTC, and with names written as JSON. `html` keeps a group that is called
 * `<!channel>` from calling the channel.
 */
export const slackPost = messageOf('danger', 'A kafka consumer is lagging behind!')
export const slackDelete = messageOf('good', 'A kafka consumer is no longer lagging')

function messageOf(color: string, title: string): string {
  return `{"attachments": [{"color": "${color}", "title": "${title}", "fields": [
  {"title": "Group", "value": {{html .Group | jsonencoder}}, "short": false},
  {"title": "Cluster", "value": {{html .Cluster | jsonencoder}}, "short": true},
  {"title": "Total Lag", "value": "{{.Result.TotalLag}}", "short": true},
  {"title": "Start", "value": "{{.Start.UTC.Format "2006-01-02T15:04:05Z07:00"}}", "short": true}
]}]}
`
}
