import { codeOf, ErrorCodes, messageOf, SecretError } from './errors.ts'
import type { ToolbeltHost } from './host.ts'

export interface SecretEntry {
  key: string
  value: unknown
}

const NOT_FOUND = new Set<string>([ErrorCodes.Secret.NotFound, 'not_found', 'secret_not_found'])

export type SecretClient = ReturnType<typeof createSecretClient>

export function createSecretClient(host: ToolbeltHost) {
  async function updateSecret(entry: SecretEntry): Promise<SecretEntry> {
    const { key, value } = entry
    try {
      return (await host.ask('secret.update', { key, value })) as SecretEntry
    } catch (error) {
      const code = codeOf(error)
      if (code === 'secret_too_large') {
        throw new SecretError(ErrorCodes.Secret.Invalid, messageOf(error))
      }
      throw new SecretError(ErrorCodes.Secret.Failure, `Updating Secret ${key} failed`)
    }
  }

  return {
    /** Fresh every time. */
    async readSecret(key: string): Promise<SecretEntry> {
      try {
        return (await host.ask('secret.read', { key })) as SecretEntry
      } catch (error) {
        if (NOT_FOUND.has(codeOf(error) ?? '')) {
          const message = `There is no Secret ${key} for this account`
          throw new SecretError(ErrorCodes.Secret.NotFound, message)
        }
        throw new SecretError(ErrorCodes.Secret.Failure, `Reading Secret ${key} failed`)
      }
    },
    updateSecret,
    /** Some samples call it so; no reference lists it. */
    writeSecret: updateSecret,
    async getUsedSecrets(): Promise<SecretEntry[]> {
      return (await host.ask('secret.used', {})) as SecretEntry[]
    },
  }
}
