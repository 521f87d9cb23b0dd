import { useEffect } from 'preact/hooks'

const PREFIX = /^\(\d+\) /

/** Shows the number of unread messages in the title of the page, also of the page around. */
export function useUnreadTitle(unread: number): void {
  useEffect(() => {
    const title = document.title.replace(PREFIX, '')
    const wanted = unread > 0 ? `(${unread}) ${title}` : title
    if (document.title !== wanted) document.title = wanted
  }, [unread])
}
