import { exportInvocations } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { save } from '../api/save.ts'
import { serverNow } from '../api/server-time.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { SINCE_MS } from '../ui/since.ts'
import { runWords as t } from '../words/runs.ts'
import type { RunFilter } from './use-runs.ts'

interface Props {
  accountId: string
  filter: RunFilter
}

/** The runs that are filtered for, as a file. */
export function SaveRuns({ accountId, filter: { since, version, ...filter } }: Props) {
  const download = useMutation({
    mutationFn: (format: 'csv' | 'jsonl') =>
      save(
        accountId,
        exportInvocations,
        {
          ...filter,
          format,
          version: version === undefined ? undefined : String(version),
          from: since && new Date(serverNow() - SINCE_MS[since]).toISOString(),
        },
        `runs.${format}`,
      ),
  })
  return (
    <>
      {download.error && <ErrorNotice error={download.error} />}
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button key={format} isPending={download.isPending} onPress={() => download.mutate(format)}>
          {t.saveAs[format]}
        </Button>
      ))}
    </>
  )
}
