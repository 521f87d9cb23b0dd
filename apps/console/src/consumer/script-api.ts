/** What happens in the window, for the scripts of the page around. */
export interface PageEvents {
  open: undefined
  close: undefined
  message: { by: 'consumer' | 'person' | 'bot' | 'automatic'; text: string }
  unread: { count: number }
  conversation: { conversationId: string; state: 'OPEN' | 'CLOSE' }
}

type Listener<Name extends keyof PageEvents> = (event: PageEvents[Name]) => void

/** `window.parley`: what scripts of the page around can do with the window. */
export interface ScriptApi {
  open(): void
  close(): void
  /** Writes into the field of the window; the consumer sends it. */
  prefill(text: string): void
  /** Calls the listener with every event of the name, until the function that it returns is called. */
  on<Name extends keyof PageEvents>(name: Name, listener: Listener<Name>): () => void
}

/** What the window does when a script asks. */
export interface ScriptCalls {
  open(): void
  close(): void
  prefill(text: string): void
}

export interface ScriptSide {
  readonly api: ScriptApi
  emit<Name extends keyof PageEvents>(name: Name, event: PageEvents[Name]): void
  /** The window is there: calls that came before are made now. */
  connect(calls: ScriptCalls): void
}

/** The longest text of a message. */
const MAX_CHARACTERS = 8_000

export function openScriptSide(): ScriptSide {
  const listeners = new Map<string, Set<(event: never) => void>>()
  let calls: ScriptCalls | undefined
  const waiting: ((ready: ScriptCalls) => void)[] = []

  function run(call: (ready: ScriptCalls) => void): void {
    if (calls) call(calls)
    else waiting.push(call)
  }

  return {
    api: {
      open: () => run((window) => window.open()),
      close: () => run((window) => window.close()),
      prefill: (text) => run((window) => window.prefill(String(text).slice(0, MAX_CHARACTERS))),
      on(name, listener) {
        const ofName = listeners.get(name) ?? new Set()
        listeners.set(name, ofName.add(listener))
        return () => void ofName.delete(listener)
      },
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) callSafely(listener, event as never)
    },
    connect(ready) {
      calls = ready
      for (const call of waiting.splice(0)) call(ready)
    },
  }
}

/** A listener that throws is the page's mistake: it shows in its console, and the window goes on. */
function callSafely(listener: (event: never) => void, event: never): void {
  try {
    listener(event)
  } catch (error) {
    reportError(error)
  }
}
