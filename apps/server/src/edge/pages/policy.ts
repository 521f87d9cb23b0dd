export interface PolicySources {
  /** The host as the browser has asked for it. */
  host: string | undefined
  logoUrl: string | undefined
  /** Where images of cards may come from; `null` means any host. */
  imageHosts: readonly string[] | null
  /** That may show the page in a frame. */
  sites: readonly string[]
}

const HOST = /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/

/** Everything from this server, nothing inline: a message can never become a script. Pictures come also from where the account allows. */
export function pagePolicy({ host, logoUrl, imageHosts, sites }: PolicySources): string {
  // Older browsers do not count a socket of the same host as 'self'.
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  const logo = logoUrl === undefined ? '' : ` ${new URL(logoUrl).origin}`
  const images = imageHosts ? imageHosts.map((name) => ` https://${name}`).join('') : ' https:'
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${sockets}`,
    `img-src 'self' data: blob:${logo}${images}`,
    "base-uri 'none'",
    "form-action 'none'",
    // The console shows it beside its guide.
    ["frame-ancestors 'self'", ...sites].join(' '),
  ].join('; ')
}
