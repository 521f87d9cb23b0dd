import type { IncomingMessage } from 'node:http'
import { ParleyError } from '#base/kernel'
import { isRegionalHost } from './host-names.ts'

const ACCOUNT = /\/accounts?\/([^/?]+)/

/**
 * Of a request that came by the listener for functions. The vendor's regional hosts are this server's for the function's own
 * account: elsewhere another account may well be the vendor's.
 * @throws ParleyError `forbidden` for another account
 */
export function requireOwnAccount({ headers, url = '' }: IncomingMessage, own: string): void {
  const host = (headers.host ?? '').toLowerCase().replace(/:443$/, '')
  const [, asked] = ACCOUNT.exec(url) ?? []
  if (!isRegionalHost(host) || asked === undefined || asked === own) return
  throw new ParleyError(
    'forbidden',
    `"${host}" leads to this server for account "${own}" only, not for "${asked.slice(0, 100)}"`,
  )
}
