import { emailClose, emailOpen } from './email.ts'
import { httpDelete, httpPost } from './http.ts'
import { slackDelete, slackPost } from './slack.ts'

/** The templates that come with the program, by the names that Burrow gives its own. */
export const templateByFileName: ReadonlyMap<string, string> = new Map([
  ['default-email.tmpl', emailOpen],
  ['default-email-close.tmpl', emailClose],
  ['default-http-post.tmpl', httpPost],
  ['default-http-delete.tmpl', httpDelete],
  ['default-slack-post.tmpl', slackPost],
  ['default-slack-delete.tmpl', slackDelete]
])
