/** The instance could not be asked, or does not know what was asked for; the message is for a person. */
export class AskFailed extends Error {
  override readonly name = 'AskFailed'
}
