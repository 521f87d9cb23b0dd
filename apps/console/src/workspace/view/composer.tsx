import { runAgentCommand } from '@parley/contract'
import { LockKeyhole, SendHorizontal } from 'lucide-react'
import {
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { queries } from '../../studio/api/queries.ts'
import { ask } from '../../studio/api/server.ts'
import { ToggleButton } from '../../studio/ui/button.tsx'
import { runsKey } from '../beside/runs.tsx'
import type { CommandRun, CommandRuns } from '../desk/command-runs.ts'
import type { Desk } from '../desk/desk.ts'
import { draftOf, keepDraft } from '../desk/kept.ts'
import { isBeside, type Talk, type UnsentFile } from '../desk/state.ts'
import {
  beginsCommand,
  type Callable,
  typedCommand,
  unfinishedPart,
} from '../desk/typed-command.ts'
import { FilePicker } from '../files/file-picker.tsx'
import { UnsentFiles } from '../files/unsent-files.tsx'
import { useFileDrop } from '../files/use-file-drop.ts'
import { useFileSending } from '../files/use-file-sending.ts'
import { fileWords } from '../files/words.ts'
import { t } from '../words.ts'
import { CommandCard } from './command-card.tsx'
import { CommandMenu, optionId } from './command-menu.tsx'
import { EmojiPicker } from './emoji-picker.tsx'
import { useCommands } from './use-commands.ts'
import { goToNextWaiting } from './use-talk-keys.ts'

interface Props {
  desk: Desk
  runs: CommandRuns
  accountId: string
  talk: Talk
  field: RefObject<HTMLTextAreaElement | null>
  files: readonly UnsentFile[]
  /** Where files may be dropped. */
  area: RefObject<HTMLElement | null>
}

/** The server takes no more. */
const MAX_CHARACTERS = 8_000
/** Who has not gone on writing for so long has stopped. */
const PAUSE_MS = 5_000

/** Who has no keyboard is told of no keys. */
const isTouched = matchMedia('(pointer: coarse)').matches

/** Enter sends, Shift+Enter breaks the line, a slash calls a command. What is typed is kept by the browser until it is sent. */
export function Composer({ desk, runs, accountId, talk, field, files, area }: Props) {
  const { conversationId, status, chat } = talk
  // Who stands beside the agent writes to the agent, unless it chooses otherwise.
  const atFirst = { text: '', isPrivate: isBeside(talk) }
  const [draft, setDraft] = useState(() => {
    const kept = draftOf(desk.agentId, conversationId)
    return kept.text === '' ? { text: '', isPrivate: kept.isPrivate || atFirst.isPrivate } : kept
  })
  const { text, isPrivate } = draft
  const [picked, setPicked] = useState(0)
  const [isMenuLeft, setMenuLeft] = useState(false)
  /** A command was to be run that is not finished: asked for again, it is. */
  const [isTooEarly, setTooEarly] = useState(false)
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const menuId = useId()
  const commands = useCommands(accountId, talk)
  const called = useSyncExternalStore(runs.subscribe, () => runs.of(conversationId))
  const isMine = status === 'mine'
  // Live chats have no files; and a file is for the consumer: there are none in notes.
  const takesFiles = isMine && !chat && !isPrivate
  const sendFiles = useFileSending(desk.files, accountId, conversationId, takesFiles)
  const dragged = useFileDrop(area, sendFiles)
  const typed = isMine && !isMenuLeft ? typedCommand(text, commands ?? []) : undefined
  // What may turn out to be a command is not for the consumer.
  const isUnknown = isMine && !isMenuLeft && !commands && beginsCommand(text)
  const options = typed && typed.rest === undefined ? typed.found : []
  const option = options[Math.min(picked, options.length - 1)]
  const over = text.trim().length - MAX_CHARACTERS
  useEffect(() => {
    field.current?.focus()
    return () => clearTimeout(pause.current)
  }, [field])

  function keep(part: Partial<typeof draft>): void {
    const now = { ...draft, ...part }
    setDraft(now)
    keepDraft(desk.agentId, conversationId, now)
    setPicked(0)
    setTooEarly(false)
    if (!beginsCommand(now.text)) setMenuLeft(false)
    // Nobody waits for a note or a command.
    const isForConsumer = now.text !== '' && !now.isPrivate && !beginsCommand(now.text)
    const wasTyping = pause.current !== undefined
    clearTimeout(pause.current)
    pause.current = isForConsumer ? setTimeout(stopTyping, PAUSE_MS) : undefined
    if (wasTyping !== isForConsumer) desk.typing(conversationId, isForConsumer)
  }

  function stopTyping(): void {
    pause.current = undefined
    desk.typing(conversationId, false)
  }

  /** The name of a command, its arguments to follow; the whole text of a canned answer. */
  function complete(chosen: Callable): void {
    keep({ text: chosen.kind === 'answer' ? chosen.text : `/${chosen.name} ` })
    field.current?.focus()
  }

  function call(name: string, rest: string): void {
    const answer = ask(accountId, runAgentCommand, {
      params: { conversationId },
      body: { name, text: rest },
    })
    runs.start(conversationId, text.trim(), answer)
    const refresh = () =>
      queries.invalidateQueries({ queryKey: runsKey(accountId, conversationId) })
    answer.then(refresh, refresh).catch(desk.fail)
    keep({ text: '' })
  }

  function submit(event: FormEvent | KeyboardEvent): void {
    event.preventDefault()
    const said = text.trim()
    if (said === '' || !isMine || isUnknown || over > 0) return
    if (typed) {
      const chosen = typed.exact ?? option
      if (!chosen) return
      const isWhole =
        chosen.kind === 'command' &&
        typed.exact !== undefined &&
        (typed.rest !== undefined || chosen.hint === '')
      if (!isWhole) complete(chosen)
      else if (!isTooEarly && unfinishedPart(chosen, typed.rest ?? '')) setTooEarly(true)
      else call(chosen.name, typed.rest ?? '')
      return
    }
    desk.say(conversationId, said, isPrivate)
    keep(atFirst)
    field.current?.focus()
  }

  function press(event: KeyboardEvent): void {
    if ((typed || isUnknown) && pressInMenu(event)) return
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    submit(event)
    if (event.ctrlKey || event.metaKey) goToNextWaiting(desk, accountId)
  }

  /** Whether the key was for the menu. */
  function pressInMenu(event: KeyboardEvent): boolean {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') setMenuLeft(true)
    else if (event.altKey || options.length === 0) return false
    else if (step !== undefined) setPicked((picked + step + options.length) % options.length)
    else if (event.key === 'Tab' && !event.shiftKey && option) complete(option)
    else return false
    event.preventDefault()
    return true
  }

  function insertAtCaret(added: string): void {
    const { selectionStart: start, selectionEnd: end } = field.current ?? {
      selectionStart: text.length,
      selectionEnd: text.length,
    }
    keep({ text: text.slice(0, start) + added + text.slice(end) })
    // When the field has the new text.
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(start + added.length, start + added.length)
    })
  }

  function dismiss(run: CommandRun): void {
    runs.dismiss(conversationId, run)
    field.current?.focus()
  }

  return (
    <form className={`composer ${isPrivate ? 'private' : ''}`} onSubmit={submit}>
      {called.map((run) => (
        <CommandCard
          key={run.key}
          run={run}
          canWrite={isMine}
          onInsert={(answer) => {
            keep({ text: text === '' ? answer : `${text.trimEnd()} ${answer}` })
            dismiss(run)
          }}
          onEdit={(former) => {
            keep({ text: former })
            dismiss(run)
          }}
          onDismiss={() => dismiss(run)}
        />
      ))}
      {!isMine && (
        <p className="notice">{status === 'closed' ? t.closedUnderHand : t.leftUnderHand}</p>
      )}
      {typed && (
        <CommandMenu
          id={menuId}
          typed={typed}
          isTooEarly={isTooEarly}
          picked={Math.min(picked, options.length - 1)}
          onPick={complete}
        />
      )}
      {isUnknown && (
        <p className="commands notice" role="status">
          {t.commands.unknown}
        </p>
      )}
      <UnsentFiles
        files={files.filter((one) => one.conversationId === conversationId)}
        sender={desk.files}
        onDone={() => field.current?.focus()}
      />
      {dragged && <p className={`drop-hint ${dragged}`}>{fileWords.dropHere}</p>}
      <p
        role="status"
        id={`${menuId}-long`}
        className={over > 0 ? 'notice error' : 'visually-hidden'}
      >
        {over > 0 && t.tooLong(over)}
      </p>
      {(isMine || text !== '') && (
        <div className="composer-line">
          {isMine && (
            <ToggleButton
              isSelected={isPrivate}
              aria-label={t.note}
              onChange={(now) => {
                keep({ isPrivate: now })
                field.current?.focus()
              }}
            >
              <LockKeyhole aria-hidden size={18} />
            </ToggleButton>
          )}
          {sendFiles && (
            <FilePicker
              onFiles={(chosen) => {
                sendFiles(chosen)
                field.current?.focus()
              }}
            />
          )}
          {isMine && <EmojiPicker onPick={insertAtCaret} />}
          <textarea
            ref={field}
            rows={1}
            value={text}
            readOnly={!isMine}
            aria-invalid={over > 0}
            aria-describedby={`${menuId}-long`}
            aria-label={isPrivate ? t.writeNote : t.write}
            aria-autocomplete="list"
            {...(option && {
              'aria-controls': menuId,
              'aria-activedescendant': optionId(menuId, options.indexOf(option)),
            })}
            enterKeyHint="send"
            placeholder={isMine ? (isPrivate ? t.noteHint : isTouched ? t.write : t.writeHint) : ''}
            onChange={({ currentTarget }) => keep({ text: currentTarget.value })}
            onKeyDown={press}
            onPaste={(event) => {
              const pasted = [...event.clipboardData.files]
              if (pasted.length === 0 || !sendFiles) return
              event.preventDefault()
              sendFiles(pasted)
            }}
          />
          {isMine && (
            <button
              type="submit"
              className="button primary"
              aria-label={t.send}
              disabled={text.trim() === '' || over > 0}
            >
              <SendHorizontal aria-hidden size={18} />
            </button>
          )}
        </div>
      )}
    </form>
  )
}
