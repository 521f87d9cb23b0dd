/** Names that an authority may sign for. A domain stands for itself and everything below it. */
export interface Territory {
  domains: readonly string[]
  /** As CIDR ranges. Empty forbids every address. */
  addresses: readonly string[]
}

/** Whether `name` is one of the domains or below one. */
export function isWithin(domains: readonly string[], name: string): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`))
}
