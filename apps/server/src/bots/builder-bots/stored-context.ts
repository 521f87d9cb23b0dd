import { contextStore as contract } from '@parley/contract'
import type * as z from 'zod'
import { beginningOf, checkText } from '#base/input'
import { isRefusal, ParleyError } from '#base/kernel'
import type { ContextChange, ContextPlace, Failed, Outside } from '#bots/builder-dialog'
import type { BuilderBotsDeps } from './deps.ts'

type Context = Pick<Outside, 'readContext' | 'changeContext'>

/** Of a name that is refused. */
const MAX_SHOWN = 100

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
    requireFit(contract.ContextName, 'namespace', change.namespace)
    if (change.do === 'register') {
      const ttlSecond = change.ttlSeconds === null ? undefined : Math.ceil(change.ttlSeconds)
      return contextStore.createNamespace(accountId, { name: change.namespace, ttlSecond })
    }
    if (change.do === 'unregister') return contextStore.deleteNamespace(accountId, change.namespace)
    if (change.do === 'setContext') {
      const { key, value } = change
      requireFit(contract.PropertyName, 'key', key)
      checkText(value, key)
      return contextStore.writeProperties(placeOf(change), { [key]: value ?? null })
    }
    if (change.key === null) return contextStore.deleteSession(placeOf(change))
    return contextStore.deleteProperty(placeOf(change), change.key)
  }

  return {
    async readContext(place) {
      try {
        requireFit(contract.ContextName, 'namespace', place.namespace)
        return await contextStore.readProperties(placeOf(place))
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    },
    async changeContext(change): Promise<Failed | undefined> {
      try {
        await apply(change)
        return undefined
      } catch (error) {
        if (!isRefusal(error)) throw error
        // What is there, or not there any more, is as the code wanted it.
        const isDone =
          (change.do === 'register' && error.code === 'conflict') ||
          (isDeletion(change) && error.code === 'not_found')
        return isDone ? undefined : { failed: error.message }
      }
    },
  }
}

function isDeletion(change: ContextChange): boolean {
  return change.do === 'unregister' || change.do === 'deleteContext'
}

function requireFit(schema: z.ZodType, what: string, name: string): void {
  const { error } = schema.safeParse(name)
  if (!error) return
  const rule = error.issues[0]?.message
  throw new ParleyError('invalid_request', `${what} "${beginningOf(name, MAX_SHOWN)}": ${rule}`)
}
