import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { Button } from '../../studio/ui/button.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { ReadingDialog } from '../../studio/ui/reading-dialog.tsx'
import type { Entry } from '../desk/state.ts'
import { Message } from '../view/message.tsx'
import { t } from '../words.ts'
import type { OpenedProps } from './earlier-props.ts'
import { besideWords } from './words.ts'

interface Props<Page> extends OpenedProps {
  query: UseInfiniteQueryResult<InfiniteData<Page>>
  entriesOf: (page: Page) => Entry[]
  /** Of what others have said. */
  authorOf: (entry: Entry) => string
}

/** What was said, page by page as it is asked for. */
export function EarlierEntries<Page>(props: Props<Page>) {
  const { desk, reader, title, onClose, query, entriesOf, authorOf } = props
  const isOwn = ({ pid }: Entry) => pid === reader.pid
  return (
    <ReadingDialog title={title} onClose={onClose}>
      <Loaded query={query}>
        {({ pages }) => (
          <ol className="log-list">
            {pages.flatMap(entriesOf).map((entry) => (
              <Message
                key={`${entry.dialogId} ${entry.sequence}`}
                desk={desk}
                entry={entry}
                author={isOwn(entry) ? t.you : authorOf(entry)}
                isOwn={isOwn(entry)}
                day={undefined}
                isFirst
                receipt={undefined}
              />
            ))}
          </ol>
        )}
      </Loaded>
      {query.hasNextPage && (
        <Button onPress={() => void query.fetchNextPage()}>{besideWords.laterMessages}</Button>
      )}
    </ReadingDialog>
  )
}
