import { contextStore as contract } from '@parley/contract'
import { checkText } from '#base/input'
import { ParleyError } from '#base/kernel'
import type { ContextChange, ContextPlace, Failed, Outside } from '#bots/builder-dialog'
import type { BuilderBotsDeps } from './deps.ts'

type Context = Pick<Outside, 'readContext' | 'changeContext'>

/** The context store of the account, as code of a bot reads and changes it. */
export function storedContext(
  { contextStore }: Pick<BuilderBotsDeps, 'contextStore'>,
  accountId: string,
  sessions: { conversationId: string; consumerId: string },
): Context {
  const placeOf = ({ namespace, scope }: ContextPlace) => {
    const { consumerId, conversationId } = sessions
    const bySession = { conversation: conversationId, user: consumerId }
    const sessionId = scope === 'global' ? contract.DEFAULT_SESSION : bySession[scope]
    return { accountId, namespace, sessionId }
  }

  async function apply(change: ContextChange): Promise<void> {
    requireName(change.namespace)
    if (change.do === 'register') {
      const ttlSecond = change.ttlSeconds === null ? undefined : Math.ceil(change.ttlSeconds)
      return contextStore.createNamespace(accountId, { name: change.namespace, ttlSecond })
    }
    if (change.do === 'setContext') {
      const { key, value } = change
      checkText(value, key.slice(0, 100))
      if (!contract.PropertyName.safeParse(key).success) {
        throw refusal(`"${key.slice(0, 100)}" is no key`)
      }
      return contextStore.writeProperties(placeOf(change), { [key]: value ?? null })
    }
    if (change.key === null) return contextStore.deleteSession(placeOf(change))
    return contextStore.deleteProperty(placeOf(change), change.key)
  }

  return {
    async readContext(place) {
      try {
        requireName(place.namespace)
        return await contextStore.readProperties(placeOf(place))
      } catch (error) {
        if (error instanceof ParleyError) return undefined
        throw error
      }
    },
    async changeContext(change): Promise<Failed | undefined> {
      try {
        await apply(change)
        return undefined
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error
        // What is there, or not there any more, is as the code wanted it.
        const isDone =
          (change.do === 'register' && error.code === 'conflict') ||
          (change.do === 'deleteContext' && error.code === 'not_found')
        return isDone ? undefined : { failed: error.message }
      }
    },
  }
}

function requireName(namespace: string): void {
  if (!contract.ContextName.safeParse(namespace).success) {
    throw refusal(`"${namespace.slice(0, 128)}" is no namespace`)
  }
}

function refusal(message: string): ParleyError {
  return new ParleyError('invalid_request', message)
}
