import { ArrowLeft } from 'lucide-react'
import { useRef, useState } from 'react'
import { useMinute } from '../../studio/api/use-minute.ts'
import { Button } from '../../studio/ui/button.tsx'
import { locale } from '../../studio/words/index.ts'
import type { CommandRuns } from '../desk/command-runs.ts'
import { type Talk, waitsForAnswer } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { t } from '../words.ts'
import { ActionsMenu, type Question } from './actions-menu.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { Composer } from './composer.tsx'
import { MessageLog } from './message-log.tsx'
import { Present } from './present.tsx'
import type { PaneProps } from './queue-pane.tsx'
import { TransferDialog } from './transfer-dialog.tsx'
import { useName } from './use-consumer.ts'

interface Props extends PaneProps {
  talk: Talk
  pid: string
  runs: CommandRuns
  /** Where there is room for one pane only. */
  onFacts: () => void
}

/** One conversation: what was said, and the field for the answer. */
export function TalkPane({ desk, state, accountId, names, talk, pid, runs, onFacts }: Props) {
  const { conversationId, isUrgent, dueAt, status } = talk
  const name = useName(desk, talk, true)
  const [question, setQuestion] = useState<Question>()
  const field = useRef<HTMLTextAreaElement>(null)
  const area = useRef<HTMLDivElement>(null)
  const isMine = status === 'mine'
  const shared = { desk, accountId, talk, onClose: () => setQuestion(undefined) }
  return (
    <div ref={area} className="talk">
      <div className="talk-head">
        <Button
          kind="quiet"
          className="to-list"
          aria-label={t.toList}
          onPress={() => goTo(accountId)}
        >
          <ArrowLeft aria-hidden size={18} />
        </Button>
        <h2>{name}</h2>
        {isUrgent && <span className="chip warn">{t.urgent}</span>}
        <span className="faint">
          {waitsForAnswer(talk) && <DueText dueAt={dueAt} aheadMs={state.clockAheadMs} />}
        </span>
        <span className="space" />
        <Button kind="quiet" className="to-facts" onPress={onFacts}>
          {t.consumer}
        </Button>
        {isMine && (
          <ActionsMenu desk={desk} talk={talk} accountId={accountId} onQuestion={setQuestion} />
        )}
      </div>
      <Present talk={talk} names={names} />
      <MessageLog
        desk={desk}
        talk={talk}
        name={name}
        pid={pid}
        nameOfUser={names.userName}
        entries={state.entries[conversationId] ?? []}
        unsent={state.unsent}
        delivered={state.delivered}
        read={state.read}
        onLeave={() => field.current?.focus()}
      />
      <p className="typing faint" role="status">
        {state.typing.has(conversationId) ? t.typing(name) : ''}
      </p>
      <Composer
        desk={desk}
        runs={runs}
        accountId={accountId}
        talk={talk}
        field={field}
        files={state.files}
        area={area}
      />
      {question === 'transfer' && <TransferDialog {...shared} names={names} />}
      {question === 'close' && <CloseDialog {...shared} />}
    </div>
  )
}

const inWords = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

function DueText({ dueAt, aheadMs }: { dueAt: number | undefined; aheadMs: number }) {
  useMinute()
  if (dueAt === undefined) return null
  const minutes = Math.round((dueAt - Date.now() - aheadMs) / 60_000)
  if (minutes < 0) return <span className="bad">{t.late}</span>
  const when =
    minutes < 120
      ? inWords.format(minutes, 'minute')
      : inWords.format(Math.round(minutes / 60), 'hour')
  return <>{t.due(when)}</>
}
