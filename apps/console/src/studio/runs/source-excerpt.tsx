import { getFunctionVersion } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { Loaded } from '../ui/loaded.tsx'
import { runWords as t } from '../words/runs.ts'

const AROUND = 4

interface Props {
  accountId: string
  functionId: string
  version: number
  line: number
}

/** The lines of a version around one of them. */
export function SourceExcerpt({ accountId, functionId, version, line }: Props) {
  const query = useQuery({
    queryKey: ['version', accountId, functionId, version],
    queryFn: () => ask(accountId, getFunctionVersion, { params: { functionId, version } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const first = Math.max(1, line - AROUND)
  return (
    <Loaded query={query}>
      {({ code }) => (
        <ol className="source-lines" tabIndex={0} aria-label={t.line(line)}>
          {code
            .split('\n')
            .slice(first - 1, line + AROUND)
            .map((text, index) => (
              <li key={first + index} className={first + index === line ? 'marked' : ''}>
                <span className="number">{first + index}</span>
                <code>{text}</code>
              </li>
            ))}
        </ol>
      )}
    </Loaded>
  )
}
