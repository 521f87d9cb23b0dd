import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TlsConfig } from '#base/tls'
import type { Config } from '#config'

/** Names and certificates by the configuration, with the user's own certificate read from its files. */
export async function tlsConfig(
  { dataDir, publicUrl, ownCertificate }: Config,
  folder?: string,
): Promise<TlsConfig> {
  const own = ownCertificate && {
    certificate: await readFile(ownCertificate.certificatePath, 'utf8'),
    key: await readFile(ownCertificate.keyPath, 'utf8'),
  }
  // An IPv6 address stands in brackets there.
  const names = publicUrl ? [new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')] : []
  return { folder: folder ?? join(dataDir, 'tls'), names, own }
}
