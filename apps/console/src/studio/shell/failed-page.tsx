import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { words } from '../words/index.ts'

/** In place of a page that cannot be drawn, such as one whose code another version of the server has no more. */
export function FailedPage({ error }: { error: unknown }) {
  return (
    <Page title={words.common.notShown}>
      <ErrorNotice error={error}>
        <Button onPress={() => location.reload()}>{words.common.retry}</Button>
      </ErrorNotice>
    </Page>
  )
}
