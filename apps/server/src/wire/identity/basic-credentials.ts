/** Of an application that names itself in the header `Authorization`. */
export function basicCredentials(authorization: string | undefined) {
  const [, encoded] = /^basic\s+([\w+/=-]+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return {}
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':')
  // Both are form-encoded before they are joined (RFC 6749, 2.3.1).
  const decoded = new URLSearchParams(`id=${id}&secret=${secret.join(':')}`)
  return { client_id: decoded.get('id') ?? '', client_secret: decoded.get('secret') ?? '' }
}
