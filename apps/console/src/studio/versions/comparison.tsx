import { compareFunctionVersions, type FunctionVersionDetail } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import type * as z from 'zod'
import { ask } from '../api/server.ts'
import { CodeDiff } from '../editor/code-diff.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { versionWords as t } from '../words/versions.ts'

interface Props {
  accountId: string
  functionId: string
  from: number
  to: number
}

/** Two versions beside each other, and what differs beside their source. */
export function Comparison({ accountId, functionId, from, to }: Props) {
  const query = useQuery({
    queryKey: ['comparison', accountId, functionId, from, to],
    queryFn: () =>
      ask(accountId, compareFunctionVersions, { params: { functionId }, query: { from, to } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <Loaded query={query}>{(data) => <Compared {...{ data, from, to }} />}</Loaded>
}

interface ComparedProps extends Pick<Props, 'from' | 'to'> {
  data: z.output<typeof compareFunctionVersions.reply>
}

function Compared({ data, from, to }: ComparedProps) {
  const { changed } = data
  const others = changed.filter((member) => member !== 'code')
  return (
    <>
      <p role="status">
        {changed.length === 0
          ? t.nothingChanged
          : `${t.changed} ${changed.map((member) => t.members[member]).join(', ')}`}
      </p>
      {changed.includes('code') && (
        <CodeDiff
          language={data.to.language}
          before={data.from.code}
          after={data.to.code}
          names={[t.option(from), t.option(to)]}
        />
      )}
      {others.map((member) => (
        <section key={member} className="beside" aria-label={t.members[member]}>
          <Member name={`${t.members[member]}: ${t.option(from)}`} of={data.from} member={member} />
          <Member name={`${t.members[member]}: ${t.option(to)}`} of={data.to} member={member} />
        </section>
      ))}
    </>
  )
}

interface MemberProps {
  name: string
  of: FunctionVersionDetail
  member: 'description' | 'environment' | 'dependencies'
}

function Member({ name, of, member }: MemberProps) {
  const value = of[member]
  return (
    <div className="part">
      <h3>{name}</h3>
      <pre tabIndex={0}>
        {typeof value === 'string'
          ? value
          : value.map((one) => `${one.key} = ${one.value}`).join('\n')}
      </pre>
    </div>
  )
}
