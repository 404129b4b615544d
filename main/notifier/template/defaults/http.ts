/** The event that Burrow posts. As Burrow's, but in UTC as it says, and with all names written as JSON (spec 09, F9). */
export const httpPost = `{"api_key":{{index .Extras "api_key" | jsonencoder}},"app":{{index .Extras "app" | jsonencoder}},"block":false,"events":[{"id":{{jsonencoder .ID}},"event":{"severity":"{{if eq .Result.Status 2}}WARN{{else}}ERR{{end}}","tier":{{index .Extras "tier" | jsonencoder}},"group":{{jsonencoder .Result.Group}},"start":"{{.Start.UTC.Format "Jan 02, 2006 15:04:05 UTC"}}","complete":{{jsonencoder .Result.Complete}},"partitions":{{jsonencoder .Result.Partitions}}}}]}
`

/** The end of that event. As Burrow's, which asks for a field that is not there and never goes out (spec 09, F7). */
export const httpDelete = `{"api_key":{{index .Extras "api_key" | jsonencoder}},"app":{{index .Extras "app" | jsonencoder}},"block":false,"ids":[{{jsonencoder .ID}}]}
`
