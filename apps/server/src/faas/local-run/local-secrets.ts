import { DEFAULT_LIMITS } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { requireUpdatable, updatedEntry } from '#faas/function-config'
import type { SandboxPorts } from '#faas/sandbox'
import type { ProjectSettings } from './find-project.ts'

interface LocalSecrets extends Pick<SandboxPorts, 'readSecret' | 'updateSecret'> {
  /** Those that the function has read or updated, as they are now. */
  used(): { key: string; value: unknown }[]
}

/** The secrets of `settings.json`, as a server gives them to functions. What is changed of them ends with the run. */
export function openLocalSecrets(secrets: ProjectSettings['secrets']): LocalSecrets {
  const values = new Map(secrets.map(({ key, value }) => [key, value]))
  const used = new Set<string>()

  function known(key: string): unknown {
    if (values.has(key)) return values.get(key)
    throw new ParleyError('secret_not_found', `There is no Secret ${key} in settings.json`)
  }

  return {
    async readSecret(_accountId, _functionId, key) {
      const value = known(key)
      used.add(key)
      return { key, value }
    },
    async updateSecret(_accountId, _functionId, key, given) {
      requireUpdatable(key, given, DEFAULT_LIMITS.secretValueCharacters)
      const type = typeof known(key) === 'string' ? 'text' : 'json'
      const { value } = updatedEntry(type, given)
      values.set(key, value)
      used.add(key)
      return { key, value }
    },
    used: () => [...used].map((key) => ({ key, value: values.get(key) })),
  }
}
