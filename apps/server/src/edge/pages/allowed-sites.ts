import { ParleyError } from '#base/kernel'

/**
 * Whether the page that asks may show the window: browsers say of which site it is. Pages of this server always may.
 * @throws ParleyError `forbidden` for a site that the account has not named
 */
export function requireAllowed(
  sites: readonly string[],
  { origin, host }: { origin?: string | undefined; host?: string | undefined },
): void {
  if (sites.length === 0 || origin === undefined || sites.includes(origin)) return
  if (URL.parse(origin)?.host === host) return
  throw new ParleyError('forbidden', `The account does not show its page on "${origin}"`)
}
