import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'

const VALID_MS = 60_000

export type Access = 'GET' | 'PUT'

/** A signature for one path and one kind of access, valid for a minute. */
export function sign(
  { credentials, clock }: Pick<FileDeps, 'credentials' | 'clock'>,
  accountId: string,
  access: Access,
  relativePath: string,
): { temp_url_sig: string; temp_url_expires: string } {
  const expires = String(Math.ceil((clock.now() + VALID_MS) / 1000))
  const sealed = credentials.secrets.seal(accountId, 'file', `${access} ${relativePath} ${expires}`)
  return { temp_url_sig: sealed, temp_url_expires: expires }
}

/** @throws ParleyError `unauthorized` when the signature is missing, wrong or too old */
export function requireSignature(
  { credentials, clock }: Pick<FileDeps, 'credentials' | 'clock'>,
  accountId: string,
  access: Access,
  relativePath: string,
  query: URLSearchParams,
): void {
  const expires = query.get('temp_url_expires') ?? ''
  const signed = open(credentials, accountId, query.get('temp_url_sig') ?? '')
  if (signed !== `${access} ${relativePath} ${expires}`) {
    throw new ParleyError('unauthorized', 'temp_url_sig: is wrong')
  }
  if (Number(expires) * 1000 < clock.now()) {
    throw new ParleyError('unauthorized', 'temp_url_expires: the address has expired')
  }
}

function open(
  credentials: FileDeps['credentials'],
  accountId: string,
  sealed: string,
): string | undefined {
  try {
    return credentials.secrets.open(accountId, 'file', sealed)
  } catch {
    // What cannot be opened is not a signature of this server.
    return undefined
  }
}
