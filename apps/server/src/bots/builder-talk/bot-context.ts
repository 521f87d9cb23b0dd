import type { CodeAnswer, CodeCall, ContextPlace } from '#bots/builder-dialog'
import type { hoursTypeNow } from './hours-type.ts'

/**
 * Runs code of a bot, with `botContext` as `spec/conversation-builder.md` has it. This function's own text is what the sandbox runs: it
 * may use nothing from outside of itself.
 */
export function runBotCode(
  { globalFunctions, run, known }: CodeCall,
  typeOfHours: typeof hoursTypeNow,
): CodeAnswer {
  type Effect = CodeAnswer['effects'][number]
  const { apiStatus, apiSucceeded, context, facts, intent, message, metadata, payload } = known
  const MAX_EFFECTS = 1_000
  const MAX_NEEDS = 20
  const MAX_DELAY_MS = 3_600_000
  /** One more than are shown, so that the bot notes that some were left out. */
  const MAX_KEPT_REPLIES = 25
  const effects: Effect[] = []
  const needs: ContextPlace[] = []
  const values: Record<string, unknown> = Object.assign(Object.create(null), known.variables)
  const stop = new Error('The bot has answered')

  const act = (effect: Effect) => {
    if (effects.length >= MAX_EFFECTS) throw new Error(`More than ${MAX_EFFECTS} calls`)
    effects.push(effect)
  }
  const textOf = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    return typeof value === 'object' ? JSON.stringify(value) : String(value as string)
  }
  const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(textOf)
  const read = (name: unknown): unknown => {
    const value = values[textOf(name)]
    if (value === undefined) return null
    return typeof value === 'object' ? structuredClone(value) : value
  }
  /** Throws where the code can be told: an answer that is no JSON would lose everything that it has done. */
  const copyOf = (value: unknown): unknown => {
    const copy: unknown = value === undefined ? null : structuredClone(value)
    JSON.stringify(copy)
    return copy
  }
  const write = (name: unknown, value: unknown, session: boolean, forever: boolean) => {
    const kept = copyOf(value)
    values[textOf(name)] = kept
    act({ do: 'setVariable', name: textOf(name), value: kept, session, forever })
  }

  /** The data of a namespace; `null` when it is not there, or not loaded yet. */
  const dataOf = (scope: ContextPlace['scope'], namespace: string) => {
    const found = context.find((one) => one.scope === scope && one.namespace === namespace)
    if (found) return found.values
    const isAsked = needs.some((one) => one.scope === scope && one.namespace === namespace)
    if (!isAsked && needs.length < MAX_NEEDS) needs.push({ scope, namespace })
    return null
  }
  const deleteFrom = (scope: ContextPlace['scope'], given: unknown, key?: unknown): boolean => {
    const namespace = textOf(given)
    const data = dataOf(scope, namespace)
    if (!data) return false
    const name = key === undefined ? null : textOf(key)
    for (const one of Object.keys(data)) if (name === null || one === name) delete data[one]
    act({ do: 'deleteContext', scope, namespace, key: name })
    return true
  }
  const contextCalls = (scope: ContextPlace['scope'], ofWhom: string) => ({
    [`setContextDataFor${ofWhom}`](given: unknown, key: unknown, value: unknown): boolean {
      const [namespace, name] = [textOf(given), textOf(key)]
      const data = dataOf(scope, namespace)
      if (!data || name === '') return false
      const kept = copyOf(value)
      data[name] = kept
      act({ do: 'setContext', scope, namespace, key: name, value: kept })
      return true
    },
    [`getContextDataFor${ofWhom}`](given: unknown, key?: unknown): unknown {
      const data = dataOf(scope, textOf(given))
      if (!data) return null
      if (key === undefined) return scope === 'global' ? null : structuredClone(data)
      return structuredClone(data[textOf(key)] ?? null)
    },
    [`deleteContextDataFor${ofWhom}`]: (given: unknown, key?: unknown) =>
      deleteFrom(scope, given, key),
    [`deleteAllContextDataFor${ofWhom}`]: (given: unknown) => deleteFrom(scope, given),
  })
  const global = contextCalls('global', 'Global')

  const plain = (text: unknown) => textOf(text).trim().normalize('NFC').toLowerCase()
  /** "A) Yes" is also said as "A", "A)" and "Yes". */
  const waysToSay = (option: string): string[] => {
    const whole = plain(option)
    const [mark, letter = ''] = /^([\p{L}\p{N}]{1,3}) ?[).:]/u.exec(whole) ?? []
    if (mark === undefined) return [whole]
    return [whole, mark, letter, plain(whole.slice(mark.length))].filter((way) => way !== '')
  }
  const addQuickReplies = (quickReplies: unknown) =>
    act({ do: 'quickReplies', quickReplies: listOf(quickReplies).slice(0, MAX_KEPT_REPLIES) })

  const nothing = () => null
  const botContext: Record<string, unknown> = {
    getBotVariable: read,
    setBotVariable: (name: unknown, value: unknown, session?: unknown, forever?: unknown) =>
      write(name, value, Boolean(session), Boolean(forever)),
    printDebugMessage: (text: unknown) => act({ do: 'debug', text: textOf(text) }),
    setTriggerNextMessage: (name: unknown) => act({ do: 'trigger', name: textOf(name) }),
    getCurrentUserMessage: () => message,
    getQuickReplyPayload: () => payload,
    getButtonPayload: () => payload,
    sendMessage: (text: unknown) => act({ do: 'say', text: textOf(text), quickReplies: [] }),
    sendMessages: (texts: unknown) =>
      listOf(texts).forEach((text) => act({ do: 'say', text, quickReplies: [] })),
    sendImmediateReply(texts: unknown) {
      for (const text of listOf(texts)) act({ do: 'say', text, quickReplies: [] })
      act({ do: 'stop' })
      throw stop
    },
    sendMessageWithQuickReplies: (text: unknown, quickReplies: unknown) =>
      act({
        do: 'say',
        text: textOf(text),
        quickReplies: listOf(quickReplies).slice(0, MAX_KEPT_REPLIES),
      }),
    // The public bots have the name with a slip in it, the vendor's documentation the other one.
    addQuickReples: addQuickReplies,
    addQuickReplies,
    // Texts are one message, however long they are.
    setAllowMaxTextResponse: nothing,
    setMessageDelay: (ms: unknown) =>
      act({ do: 'delay', ms: Math.max(0, Math.min(Number(ms) || 0, MAX_DELAY_MS)) }),
    logCustomEvent: (line: unknown, name: unknown, ...details: unknown[]) =>
      act({ do: 'event', name: textOf(name), text: listOf([line, ...details]).join(' ') }),
    logEscalationEvent: (...parts: unknown[]) =>
      act({ do: 'event', name: 'escalation', text: listOf(parts).join(' ') }),
    evaluateOptions(first: unknown, second?: unknown): string | null {
      const options = listOf(Array.isArray(second) ? second : first)
      const other = Array.isArray(second) ? first : second
      const said = plain(other ?? message)
      const title =
        options.find((option) => waysToSay(option).includes(said)) ??
        options[Number(said) - 1] ??
        null
      act({ do: 'option', title })
      return title
    },
    getConversationId: () => facts.conversationId,
    getChatBotId: () => facts.botId,
    getLPAccountId: () => facts.accountId,
    getUserPlatformId: () => facts.consumerId,
    getChannel: () => facts.channel,
    getUserChannel: () => facts.channel,
    getLPCustomerInfo: () => structuredClone(facts.customerInfo ?? null),
    getLPUserPersonalInfo: () => structuredClone(facts.personalInfo ?? null),
    getLPEngagementAttribute(given: unknown): string | null {
      const name = textOf(given)
      if (name === 'currentSkillId') return facts.currentSkillId ?? null
      if (name === 'previousSkillId') return facts.previousSkillId ?? null
      return facts.engagementAttributes?.[name] ?? null
    },
    getUserLocation() {
      const { location } = facts
      if (!location) return null
      return {
        getCityName: () => location.city ?? null,
        getState: () => location.state ?? null,
        getLatitude: () => location.lat ?? null,
        getLongitude: () => location.lng ?? null,
        getZipCode: () => location.zip ?? null,
      }
    },
    getEnvVariable: (name: unknown) => facts.environment?.[textOf(name)] ?? null,
    getDialogStarterIntent: () => known.starterIntent,
    getDisambiguatedIntentName: () => intent?.name ?? null,
    getDisambiguatedIntentId: () => intent?.id ?? null,
    isApiExecutionSuccessful: () => apiSucceeded,
    getApiStatusCode: () => apiStatus,
    getHoursType: (entries: unknown, zone: unknown) => typeOfHours(listOf(entries), textOf(zone)),
    getMetadata(type: unknown): object[] | null {
      const found = metadata.filter((one) => one.type === textOf(type))
      return found.length === 0 ? null : structuredClone(found)
    },
    setUserName: (name: unknown) => write('__userName', name, false, true),
    getUserName: () => read('__userName'),
    setEmail: (email: unknown) => write('__userEmail', email, false, true),
    getEmail: () => read('__userEmail'),
    registerContextNamespace(given: unknown, ttl?: unknown): boolean {
      const namespace = textOf(given)
      if (namespace === '') return false
      for (const scope of ['conversation', 'user', 'global'] as const) {
        dataOf(scope, namespace)
        const known = context.find((one) => one.scope === scope && one.namespace === namespace)
        if (known) known.values ??= {}
      }
      const seconds = Number(ttl)
      act({ do: 'register', namespace, ttlSeconds: seconds > 0 ? seconds : null })
      return true
    },
    deleteContextNamespace(given: unknown): boolean {
      const namespace = textOf(given)
      if (!dataOf('global', namespace)) return false
      for (const one of context) if (one.namespace === namespace) one.values = null
      act({ do: 'unregister', namespace })
      return true
    },
    isContextApiEnabled: () => true,
    ...contextCalls('conversation', 'Conversation'),
    ...contextCalls('user', 'User'),
    setGlobalContextData: global['setContextDataForGlobal'],
    getGlobalContextData: global['getContextDataForGlobal'],
    deleteGlobalContextData: global['deleteContextDataForGlobal'],
    askMaven: nothing,
    getNamedEntities: nothing,
    getNlpResponse: nothing,
    getSentiment: nothing,
    getWebViewVariable: nothing,
    getWebViewVariables: nothing,
    getFileCaption: nothing,
    getFileType: nothing,
    setBotTransferIntentbyDomain: nothing,
    setBotTransferIntentId: nothing,
    setBotTransferUserMessage: nothing,
  }

  // Names that old code sets without declaring them end with the call: the next conversation shall not find them.
  const before = new Set(Object.getOwnPropertyNames(globalThis))
  let error: string | undefined
  try {
    const body = 'hook' in run ? `if (typeof ${run.hook} === 'function') ${run.hook}()` : run.script
    const parts = ['botContext', `${globalFunctions}\n;${body}\n`]
    // Sloppy mode and a scope of its own, as the vendor runs such code.
    const piece = Reflect.construct(Function, parts) as (given: unknown) => void
    piece(botContext)
  } catch (thrown) {
    if (thrown !== stop) {
      error = (thrown instanceof Error ? String(thrown) : `Threw ${textOf(thrown)}`).slice(0, 1_000)
    }
  } finally {
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!before.has(name)) Reflect.deleteProperty(globalThis, name)
    }
  }
  return { effects, needs, ...(error !== undefined && { error }) }
}

/** Whether a customer's expression is found in a text. */
export function searchText({ pattern, text }: { pattern: string; text: string }): boolean {
  return new RegExp(pattern).test(text)
}

/** One HTTP call, by the way out that functions have. */
export async function callAddress({
  maxCharacters,
  request,
}: {
  maxCharacters: number
  request: {
    url: string
    method: string
    headers: { key: string; value: string }[]
    body?: string
  }
}): Promise<{ status: number; body: string } | { failed: string }> {
  const { body, headers, method, url } = request
  const answer = await fetch(url, {
    method,
    headers: headers.map(({ key, value }): [string, string] => [key, value]),
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  if (text.length > maxCharacters) return { failed: `more than ${maxCharacters} characters` }
  return { status: answer.status, body: text }
}
