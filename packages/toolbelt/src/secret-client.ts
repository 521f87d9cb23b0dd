import { codeOf, ErrorCodes, messageOf, SecretError } from './errors.ts'
import { given } from './given.ts'
import type { ToolbeltHost } from './host.ts'

export interface SecretEntry {
  key: string
  value: unknown
}

export type SecretClient = ReturnType<typeof createSecretClient>

/** The published secret client (`ToolbeltDocumentation/secret-client.md`). Its failures are `SecretError`s. */
export function createSecretClient(host: ToolbeltHost) {
  async function updateSecret(entry: SecretEntry): Promise<SecretEntry> {
    const key = keyIn(entry?.key)
    const { value } = entry
    try {
      return (await host.call('secret.update', { key, value })) as SecretEntry
    } catch (error) {
      const code = codeOf(error)
      if (code === 'secret_too_large') {
        throw new SecretError(ErrorCodes.Secret.Invalid, messageOf(error))
      }
      // It is larger than any call to the platform may be.
      if (code === 'request_too_large') {
        const message = 'Provided Secret Value exceeds allowed length'
        throw new SecretError(ErrorCodes.Secret.Invalid, message)
      }
      throw new SecretError(ErrorCodes.Secret.Failure, `Updating Secret ${key} failed`)
    }
  }

  return {
    /** Reads the secret from the platform each time. */
    async readSecret(key: string): Promise<SecretEntry> {
      keyIn(key)
      try {
        return (await host.call('secret.read', { key })) as SecretEntry
      } catch (error) {
        if (codeOf(error) === 'secret_not_found') {
          const message = `There is no Secret ${key} for this account`
          throw new SecretError(ErrorCodes.Secret.NotFound, message)
        }
        throw failed(error, `Reading Secret ${key} failed`)
      }
    },
    updateSecret,
    /** The name that some published samples use for `updateSecret`. */
    writeSecret: updateSecret,
    async getUsedSecrets(): Promise<SecretEntry[]> {
      try {
        return (await host.call('secret.used', {})) as SecretEntry[]
      } catch (error) {
        throw failed(error, 'Reading the used Secrets failed')
      }
    },
  }
}

/** Published services say no more than that it failed; that nothing but a new value helps, authors must know. */
function failed(error: unknown, message: string): SecretError {
  const why = codeOf(error) === 'secret_unreadable' ? `: ${messageOf(error)}` : ''
  return new SecretError(ErrorCodes.Secret.Failure, `${message}${why}`)
}

function keyIn(key: string | undefined): string {
  return given('key', key, (message) => new SecretError(ErrorCodes.Secret.Invalid, message))
}
