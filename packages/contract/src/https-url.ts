import * as z from 'zod'

/** The address of a picture that browsers load: over TLS and without credentials. */
export const HttpsUrl = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(500)
  .refine(hasNoCredentials, 'must hold no user name and no password')

function hasNoCredentials(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.username === '' && parsed.password === ''
}
