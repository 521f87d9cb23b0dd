import { type Answer, sentence } from '#wire/messaging/format'
import type { Deps } from './deps.ts'

export function getClock({ clock }: Pick<Deps, 'clock'>): Answer {
  return { type: '.GetClock$Response', body: { currentTime: clock.now() } }
}

export function keepAlive(): Answer {
  return sentence('OK')
}

/** Authenticates a browser when it is its first request. Later it changes nothing. */
export function initConnection(): Answer {
  return sentence('OK Connection initialised already')
}
