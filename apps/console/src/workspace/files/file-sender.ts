import { newId, type RequestOptions, SocketClosedError } from '@parley/client/socket'
import { brokenRule, MAX_FILES, namesOf } from '../../consumer/file-rules.ts'
import { MAX_CUTS, UploadCutError } from '../../consumer/put-file.ts'
import { locale } from '../../studio/words/index.ts'
import { whyOf } from '../desk/notice.ts'
import { isPassing } from '../desk/outbox.ts'
import type { Dialog, State, UnsentFile } from '../desk/state.ts'
import { downloadAddress, upload } from './transfer.ts'
import { fileWords as t } from './words.ts'

export interface FileSenderDeps {
  request: <Body>(type: string, body: unknown, options?: RequestOptions) => Promise<Body>
  state: () => State
  change: (part: Partial<State>) => void
  fail: (error: unknown) => void
}

export interface FileSender {
  /** @param maxBytes of one file, where it is known */
  send(conversationId: string, files: readonly File[], maxBytes: number | undefined): void
  retry(key: string): void
  discard(key: string): void
  /** Sends what waits, one after the other. */
  sendWaiting(): Promise<void>
  /** These conversations are no longer listed. */
  forget(gone: readonly Dialog[]): void
  address(relativePath: string): Promise<string>
}

const AGAIN_AFTER_MS = 1_000
const inMegabytes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

/** Files on their way to consumers, in the order in which they were chosen. A lost connection holds them up. */
export function openFileSender({ request, state, change, fail }: FileSenderDeps): FileSender {
  /** What is to be sent, and how often it was cut off; where it is on the server as soon as it is. */
  const kept = new Map<string, { file: File; cuts: number; relativePath?: string }>()
  let isSending = false

  const waiting = () =>
    state().connection === 'open'
      ? state().files.find(({ problem }) => problem === undefined)
      : undefined

  function update(key: string, part: Partial<UnsentFile>): void {
    change({ files: state().files.map((one) => (one.key === key ? { ...one, ...part } : one)) })
  }

  function keepOnly(files: readonly UnsentFile[]): void {
    const keys = new Set(files.map(({ key }) => key))
    for (const key of kept.keys()) if (!keys.has(key)) kept.delete(key)
    change({ files })
  }

  const discard = (key: string) => keepOnly(state().files.filter((one) => one.key !== key))

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let next = waiting(); next; next = waiting()) await sendOne(next)
    } catch (error) {
      if (!isPassing(error) && !(error instanceof UploadCutError)) throw error
      setTimeout(() => void sendWaiting().catch(fail), AGAIN_AFTER_MS)
    } finally {
      isSending = false
    }
  }

  async function sendOne({ key, conversationId, name }: UnsentFile): Promise<void> {
    const one = kept.get(key)
    if (!one) return discard(key)
    update(key, { progress: one.relativePath === undefined ? 0 : 1 })
    try {
      const { name: caption, type: fileType } = one.file
      one.relativePath ??= await upload(request, one.file, (progress) => update(key, { progress }))
      const message = { caption, fileType, relativePath: one.relativePath }
      const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
      const body = { conversationId, dialogId: conversationId, event }
      await request('ms.PublishEvent', body, { id: key })
      discard(key)
    } catch (error) {
      update(key, { progress: undefined })
      // It goes on with the next connection, or when the server has time for it.
      const isCut = error instanceof UploadCutError && ++one.cuts < MAX_CUTS
      if (isCut || error instanceof SocketClosedError || isPassing(error)) throw error
      update(key, { problem: t.refused(name, reasonOf(error)), canRetry: true })
    }
  }

  function checked(conversationId: string, file: File, maxBytes: number | undefined): UnsentFile {
    const { name } = file
    const key = newId()
    const rule = brokenRule(file, maxBytes)
    if (!rule) {
      kept.set(key, { file, cuts: 0 })
      return { key, conversationId, name }
    }
    const problem = t[rule](name, inMegabytes.format((maxBytes ?? 0) / 1_048_576))
    return { key, conversationId, name, problem }
  }

  return {
    send(conversationId, files, maxBytes) {
      // What was refused before has been read.
      const former = state().files.filter(
        (one) => one.conversationId !== conversationId || kept.has(one.key),
      )
      const ofThis = former.filter((one) => one.conversationId === conversationId)
      const room = Math.max(0, MAX_FILES - ofThis.length)
      const taken = files.slice(0, room).map((file) => checked(conversationId, file, maxBytes))
      const others = files.slice(room)
      if (others.length > 0) {
        const name = namesOf(others)
        taken.push({ key: newId(), conversationId, name, problem: t.tooMany(name) })
      }
      change({ files: [...former, ...taken] })
      sendWaiting().catch(fail)
    },
    retry(key) {
      const one = kept.get(key)
      if (one) one.cuts = 0
      update(key, { problem: undefined })
      sendWaiting().catch(fail)
    },
    discard,
    sendWaiting,
    forget(gone) {
      const ids = new Set(gone.map(({ dialogId }) => dialogId))
      keepOnly(state().files.filter(({ conversationId }) => !ids.has(conversationId)))
    },
    address: (relativePath) => downloadAddress(request, relativePath),
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UploadCutError) return t.cut
  return whyOf(error)
}
