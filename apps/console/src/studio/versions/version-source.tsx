import { getFunctionVersion } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '../api/server.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { versionWords as t } from '../words/versions.ts'

interface Props {
  accountId: string
  functionId: string
  version: number
  line: number
}

/** The source of one version, to be read, at a line of it. */
export function VersionSource({ accountId, functionId, version, line }: Props) {
  const query = useQuery({
    queryKey: ['version', accountId, functionId, version],
    queryFn: () => ask(accountId, getFunctionVersion, { params: { functionId, version } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const goTo = useMemo(() => ({ line }), [line])
  return (
    <Loaded query={query}>
      {(data) => (
        <section className="part" aria-label={t.source(version)}>
          <h2>{t.source(version)}</h2>
          <div className="version-source">
            <CodeEditor
              label={t.source(version)}
              language={data.language}
              value={data.code}
              onChange={() => undefined}
              isReadOnly
              goTo={goTo}
            />
          </div>
        </section>
      )}
    </Loaded>
  )
}
