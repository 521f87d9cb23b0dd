import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The authority of this machine, as the server has written it. @throws an `Error` that names the file, and what to do */
export function readAuthority(file: string): { pem: string; certificate: X509Certificate } {
  try {
    const pem = readFileSync(file, 'utf8')
    return { pem, certificate: new X509Certificate(pem) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `Cannot use ${file} (${reason}): put the right one back, or remove it, and start Parley, which makes a new one`,
      { cause },
    )
  }
}

/** Certificates that a setting of the environment names. @throws an `Error` that names the setting */
export function readTrusted(env: NodeJS.ProcessEnv, setting: string): string | undefined {
  const path = env[setting]
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    // Programs that the setting is for go on without such a file.
    if (code === 'ENOENT') return undefined
    throw new Error(`${setting}=${path}: must be a file that can be read: ${message}`, { cause })
  }
}
