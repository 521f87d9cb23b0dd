import { exportFigures, type FigureRow, getFigures } from '@parley/contract'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { save } from '../api/save.ts'
import { ask } from '../api/server.ts'
import { serverNow } from '../api/server-time.ts'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { useClockAhead } from '../clock/use-clock.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Filter } from '../ui/filter.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { locale } from '../words/index.ts'
import { FigureCharts } from './figure-charts.tsx'
import { FiguresTable } from './figures-table.tsx'
import { FunctionRuns } from './function-runs.tsx'
import { type BoardProps, BYS } from './search.ts'
import { boardWords as t } from './words.ts'

/** The stream of updates is faster; this is for what it does not tell. */
const EVERY_MS = 60_000
const CHANNELS = ['messaging', 'chat'] as const
const hour = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' })

/** What happened today or this week, with functions and bots in the same picture. */
export function FiguresView({
  accountId,
  search,
  isHeld,
  change,
  span,
}: BoardProps & { span: 'today' | 'week' }) {
  const names = { ...useSkills(accountId), ...useUserNames(accountId) }
  const aheadMs = useClockAhead(accountId)
  const { by = 'skill', channel } = search
  const from = beginOf(span)
  const options = { refetchInterval: isHeld ? (false as const) : EVERY_MS, meta: { isHeld } }
  const query = useQuery({
    queryKey: ['figures', accountId, from, by, channel, aheadMs],
    queryFn: () => ask(accountId, getFigures, { query: { from, by, channel } }),
    placeholderData: keepPreviousData,
    ...options,
  })
  const hours = useQuery({
    queryKey: ['figures', accountId, from, 'hour', channel, aheadMs],
    queryFn: () => ask(accountId, getFigures, { query: { from, by: 'hour', channel } }),
    placeholderData: keepPreviousData,
    ...options,
  })
  const download = useMutation({
    mutationFn: () => save(accountId, exportFigures, { from, by, channel }, 'figures.csv'),
  })
  function nameOf({ key }: FigureRow): string {
    if (key === undefined) return t.nobodyAssigned
    if (by === 'hour') return hour.format(new Date(key))
    if (by === 'agent') return names.userName(key)
    return key === '-1' ? t.noSkill : names.skillName(key)
  }
  return (
    <>
      <div className="filters" role="search">
        <Choice
          label={t.by}
          value={by}
          options={BYS.map((id) => ({ id, name: t.bys[id] }))}
          onChange={(id) => change({ by: BYS.find((known) => known === id) })}
        />
        <Filter
          label={t.channel}
          value={channel}
          options={CHANNELS.map((id) => ({ id, name: t.channels[id] }))}
          onChange={(id) => change({ channel: id })}
        />
        <Button isPending={download.isPending} onPress={() => download.mutate()}>
          {t.csv}
        </Button>
      </div>
      {download.error && <ErrorNotice error={download.error} />}
      <Loaded query={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <p className="empty">{t.nothing}</p>
          ) : (
            <>
              <UnlessUnread query={hours}>
                {hours.data && <FigureCharts figures={hours.data} />}
              </UnlessUnread>
              <FiguresTable head={t.bys[by]} rows={rows} total={total} nameOf={nameOf} />
              <FunctionRuns {...{ accountId, from, isHeld }} answered={total.answeredByFunction} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

/** Midnight of today or of Monday, where the reader is. */
function beginOf(span: 'today' | 'week'): string {
  const day = new Date(serverNow())
  day.setHours(0, 0, 0, 0)
  if (span === 'week') day.setDate(day.getDate() - ((day.getDay() + 6) % 7))
  return day.toISOString()
}
