import { type BuilderBot, type BuilderStep, readBuilderSteps } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { operateWords } from '../words/operate.ts'
import { BotFindings } from './bot-findings.tsx'
import { botWords as t } from './words.ts'
import { isLike } from '../ui/is-like.ts'

/** A bot may have thousands. */
const FIRST_STEPS = 200

interface Props {
  accountId: string
  bot: BuilderBot
  /** What is filtered by. */
  text: string
  onText: (text: string | undefined) => void
}

/** What of a bot will not run, and all its steps by dialog. */
export function BotSteps({ accountId, bot, text, onText }: Props) {
  const query = useQuery({
    queryKey: ['bots', accountId, bot.botId, 'steps', bot.revision],
    queryFn: () => ask(accountId, readBuilderSteps, { params: { botId: bot.botId } }),
  })
  return (
    <Loaded query={query}>
      {({ dialogs, warnings, hosts }) => (
        <>
          <BotFindings accountId={accountId} warnings={warnings} hosts={hosts} />
          <Steps
            accountId={accountId}
            rows={dialogs.flatMap(({ steps, ...dialog }) =>
              steps.map((step) => ({ ...step, dialog })),
            )}
            text={text}
            onText={onText}
          />
        </>
      )}
    </Loaded>
  )
}

type Row = BuilderStep & { dialog: { name: string; isFallback: boolean; isOn: boolean } }

interface StepsProps {
  accountId: string
  rows: readonly Row[]
  text: string
  onText: (text: string | undefined) => void
}

function Steps({ accountId, rows, text, onText }: StepsProps) {
  const [most, setMost] = useState(FIRST_STEPS)
  const found = rows.filter(({ name, kind, says = '', dialog }) =>
    isLike([name, kind, says, dialog.name], text),
  )
  const shown = found.slice(0, most)
  return (
    <>
      <div className="filters">
        <FilterField label={t.filterSteps} value={text} onChange={onText} />
        <span className="count faint" role="status">
          {t.stepsShown(found.length, rows.length)}
        </span>
      </div>
      <PlainTable
        label={t.parts.steps}
        rows={shown}
        keyOf={({ interactionId }) => interactionId}
        columns={[
          {
            head: t.step,
            className: 'step-name',
            cell: ({ name, kind, isOn, hasCode, patterns }) => (
              <>
                <bdi>{name}</bdi> {!isOn && <span className="chip">{t.off}</span>}{' '}
                {hasCode && <span className="chip">{t.hasCode}</span>}
                <p>
                  <code className="faint">{kind}</code>
                </p>
                {patterns.length > 0 && (
                  <p className="faint">
                    {t.begins} <bdi>{patterns.join(', ')}</bdi>
                  </p>
                )}
              </>
            ),
          },
          {
            head: t.says,
            className: 'step-says',
            cell: ({ says = '', calls }) => (
              <>
                <bdi>{says}</bdi>
                {calls && (
                  <p className="faint">
                    {t.calls} <bdi>{calls.name}</bdi>{' '}
                    {calls.functionId === undefined ? (
                      calls.host
                    ) : (
                      <FunctionLink accountId={accountId} functionId={calls.functionId} />
                    )}
                  </p>
                )}
              </>
            ),
          },
          { head: t.leadsTo, cell: ({ rules }) => <Rules rules={rules} /> },
          {
            head: t.dialog,
            cell: ({ dialog: { name, isFallback, isOn } }) => (
              <>
                <bdi>{name}</bdi> {!isOn && <span className="chip">{t.off}</span>}
                {isFallback && <p className="faint">{t.fallback}</p>}
              </>
            ),
          },
        ]}
      />
      {shown.length < found.length && (
        <p>
          <Button onPress={() => setMost(most + FIRST_STEPS)}>
            {operateWords.more(found.length - shown.length)}
          </Button>
        </p>
      )}
    </>
  )
}

function Rules({ rules }: Pick<BuilderStep, 'rules'>) {
  return (
    <ul className="step-rules">
      {rules.map(({ when, to }, index) => (
        <li key={index}>
          <span className="faint">
            {when.length === 0
              ? t.always
              : when
                  .map(({ kind, value }) => (value === '' ? kind : `${kind} ${value}`))
                  .join(' + ')}
          </span>{' '}
          → <bdi>{t.ends[to] ?? to}</bdi>
        </li>
      ))}
    </ul>
  )
}
