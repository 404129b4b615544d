/** The group in which a consumer module shows how far it has read (spec 06 section 2.2). Kafka does not know it. Any thread. */
export function selfReportGroup(consumerModule: string): string {
  return `burrow-${consumerModule}`
}
