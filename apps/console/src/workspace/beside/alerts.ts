import { useEffect, useRef, useSyncExternalStore } from 'react'
import { storage } from '../../storage.ts'
import type { Desk } from '../desk/desk.ts'
import { isUnread, type Offer, offersNow, type State, type Talk } from '../desk/state.ts'
import { besideWords } from './words.ts'
import { t } from '../words.ts'

export const ALERTS = ['title', 'sound', 'notification'] as const
export type Alert = (typeof ALERTS)[number]

const KEY = 'parley.alerts'
const CHANGED = 'parley-alerts'
/** Until somebody chooses: what disturbs nobody. */
const AT_FIRST = 'title'

/** How this browser tells its agent of something new, as chosen. */
export function alertsNow(): ReadonlySet<Alert> {
  const kept = (storage.read(KEY) ?? AT_FIRST).split(' ')
  return new Set(ALERTS.filter((alert) => kept.includes(alert)))
}

export function keepAlerts(alerts: ReadonlySet<Alert>): void {
  storage.keep(KEY, [...alerts].join(' '))
  dispatchEvent(new Event(CHANGED))
}

function subscribe(listener: () => void): () => void {
  const events = ['storage', CHANGED] as const
  for (const event of events) addEventListener(event, listener)
  return () => {
    for (const event of events) removeEventListener(event, listener)
  }
}

/** A text, so that it is the same as long as nothing is changed. */
export function useAlertsKept(): ReadonlySet<Alert> {
  useSyncExternalStore(subscribe, () => storage.read(KEY))
  return alertsNow()
}

/** Tells of what is new: an offer, or a message that the agent does not see. */
export function useAlerts(desk: Desk, state: State): void {
  const kept = useAlertsKept()
  const offers = offersNow(state)
  const count = offers.length + state.talks.filter((talk) => isUnread(talk, state.seen)).length
  const title = kept.has('title') && count > 0 ? `(${count}) ${t.title}` : t.title
  useEffect(() => {
    document.title = title
  }, [title])

  /** Up to when messages are known: by the server's clock, since the browser's may be wrong. */
  const known = useRef<{ rings: ReadonlySet<string>; lastAt?: number }>({ rings: new Set() })
  useEffect(() => {
    if (state.connection !== 'open') return
    const newest = Math.max(0, ...state.talks.map(({ last }) => last?.at ?? 0))
    const { rings, lastAt = state.listensSince } = known.current
    const newOffer = offers.find(({ ringId }) => !rings.has(ringId))
    const unseen = state.talks.filter(
      (talk) =>
        isUnread(talk, state.seen) && (talk.last?.at ?? 0) > lastAt && !isShown(talk, state),
    )
    known.current = {
      rings: new Set(offers.map(({ ringId }) => ringId)),
      lastAt: Math.max(lastAt, newest),
    }
    const [talk] = unseen
    if (newOffer) tell(desk, newOffer, besideWords.alerts.offer)
    else if (talk) tell(desk, talk, besideWords.alerts.message)
  })
}

function isShown({ conversationId }: Talk, { selected }: State): boolean {
  return (
    conversationId === selected && document.visibilityState === 'visible' && document.hasFocus()
  )
}

function tell(desk: Desk, about: Talk | Offer, text: (name: string) => string): void {
  const kept = alertsNow()
  if (kept.has('sound')) beep()
  if (!kept.has('notification') || document.hasFocus()) return
  nameOf(desk, about)
    .then((name) => new Notification(text(name), { tag: about.conversationId }))
    .catch(() => undefined)
}

async function nameOf(desk: Desk, { chat, consumerId }: Talk | Offer): Promise<string> {
  if (chat) return chat.consumer.name
  const { firstName, lastName } = await desk.profile(consumerId).catch(() => ({
    firstName: undefined,
    lastName: undefined,
  }))
  return [firstName, lastName].filter(Boolean).join(' ') || besideWords.alerts.somebody
}

let sound: AudioContext | undefined

/** Two short tones. Browsers stay silent until the page was used. */
function beep(): void {
  sound ??= new AudioContext()
  for (const [at, frequency] of [
    [0, 660],
    [0.14, 880],
  ] as const) {
    const tone = sound.createOscillator()
    const volume = sound.createGain()
    tone.frequency.value = frequency
    volume.gain.value = 0.08
    tone.connect(volume).connect(sound.destination)
    tone.start(sound.currentTime + at)
    tone.stop(sound.currentTime + at + 0.1)
  }
}
