import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TlsConfig } from '#base/tls'
import type { Config } from '#config'

/** Names and certificates by the configuration, with the user's own certificate in its files. */
export function tlsConfig(
  { dataDir, publicUrl, ownCertificate }: Config,
  folder = join(dataDir, 'tls'),
): TlsConfig {
  // An IPv6 address stands in brackets there.
  const host = publicUrl && new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')
  const names = host ? [host] : []
  if (!ownCertificate) return { folder, names }
  const { certificatePath: path, keyPath } = ownCertificate
  const read = async () => ({
    certificate: await readFile(path, 'utf8'),
    key: await readFile(keyPath, 'utf8'),
  })
  return { folder, names, own: { path, read, host } }
}
