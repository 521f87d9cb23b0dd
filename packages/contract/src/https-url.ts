import * as z from 'zod'

/** The address of a picture that browsers load: over TLS and without credentials, with which they load none. */
export const PictureUrl = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(2048)
  .refine(hasNoCredentials, 'must hold no user name and no password')

/** One of a setting. */
export const HttpsUrl = PictureUrl.max(500)

function hasNoCredentials(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.username === '' && parsed.password === ''
}
