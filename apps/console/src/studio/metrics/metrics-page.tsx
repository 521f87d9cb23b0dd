import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Mail } from 'lucide-react'
import { useState } from 'react'
import { useFunctions } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { LiveSwitch } from '../ui/live-switch.tsx'
import { Page } from '../ui/page.tsx'
import { SINCE } from '../ui/since.ts'
import { metricWords as t } from '../words/metrics.ts'
import { runWords } from '../words/runs.ts'
import { FunctionCharts } from './function-charts.tsx'
import { HealthTable } from './health-table.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { reportWords } from './report-words.ts'

/** How often functions run, fail, and how long they take: all beside each other, or one over time. */
export function MetricsPage() {
  const { accountId } = useParams({ from: '/$accountId/metrics' })
  const { functionId, since = 'day', sort } = useSearch({ from: '/$accountId/metrics' })
  const navigate = useNavigate({ from: '/$accountId/metrics' })
  const { functionName } = useFunctions(accountId)
  const [isHeld, setHeld] = useState(false)
  const [isReport, setReport] = useState(false)
  const [said, setSaid] = useState('')
  return (
    <Page
      title={functionId === undefined ? t.title : t.of(functionName(functionId))}
      actions={
        <>
          <Button onPress={() => setReport(true)}>
            <Mail aria-hidden size={16} />
            {reportWords.open}
          </Button>
          <LiveSwitch isHeld={isHeld} onHold={setHeld} />
        </>
      }
    >
      <p role="status">{said}</p>
      {isReport && (
        <ReportDialog
          accountId={accountId}
          onClose={(done = '') => {
            setSaid(done)
            setReport(false)
          }}
        />
      )}
      <div className="filters" role="search">
        <FunctionFilter
          accountId={accountId}
          value={functionId}
          onChange={(id) => void navigate({ search: (old) => ({ ...old, functionId: id }) })}
        />
        <Choice
          label={t.since}
          value={since}
          options={SINCE.map((id) => ({ id, name: runWords.sinceOf[id] }))}
          onChange={(id) =>
            void navigate({
              search: (old) => ({ ...old, since: SINCE.find((known) => known === id) }),
              replace: true,
            })
          }
        />
      </div>
      {functionId === undefined ? (
        <>
          <HealthTable
            isHeld={isHeld}
            accountId={accountId}
            since={since}
            sort={sort}
            onSort={(next) =>
              void navigate({ search: (old) => ({ ...old, sort: next }), replace: true })
            }
          />
          <FunctionCharts {...{ accountId, since, isHeld }} />
        </>
      ) : (
        <FunctionCharts {...{ accountId, functionId, since, isHeld }} />
      )}
    </Page>
  )
}
