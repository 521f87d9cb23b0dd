import { listKeptData } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Field } from '../ui/field.tsx'
import { Listed } from '../ui/listed.tsx'
import { limitWords as t } from './words.ts'
import { isLike } from '../ui/is-like.ts'

/** Everything that is stored, and what ends it. */
export function KeptTable({ accountId }: { accountId: string }) {
  const [wanted, setWanted] = useState('')
  const query = useQuery({
    queryKey: ['kept-data', accountId],
    queryFn: () => ask(accountId, listKeptData),
  })
  const isWanted = (text: string) => isLike([text], wanted)
  return (
    <section className="stack" aria-labelledby="kept">
      <h2 id="kept">{t.kept}</h2>
      <p className="faint">{t.keptHint}</p>
      <div className="filters" role="search">
        <Field label={t.find} type="search" value={wanted} onChange={setWanted} />
      </div>
      <Listed
        label={t.kept}
        query={query}
        rowsOf={({ kept }) =>
          kept.filter(({ name, said, setting = '' }) => isWanted(`${name} ${said} ${setting}`))
        }
        keyOf={({ name }) => name}
        empty={<p className="empty">{t.noneSuch}</p>}
        columns={[
          { head: t.stored, cell: ({ name }) => <code>{name}</code> },
          {
            head: t.days,
            cell: ({ setting, days }) =>
              setting === undefined ? (
                <span className="faint">–</span>
              ) : (
                <>
                  {days === null || days === undefined ? t.forEver : t.daysOf(days)}
                  <code className="faint line">{`retention.${setting}`}</code>
                </>
              ),
          },
          { head: t.howLong, cell: ({ said }) => <span lang="en">{said}</span> },
        ]}
      />
    </section>
  )
}
