import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'

export interface LauncherProps {
  isOpen: boolean
  /** How many messages the consumer has not seen. */
  unread: number
  /** The corner of the page around. */
  position: 'start' | 'end'
  /** Beside the picture on the button. */
  label?: string | undefined
  onOpen: () => void
  onClose: () => void
  /** What opens above the page around. */
  children: ComponentChildren
}

/** A button in the corner of the embedding page that opens the window above it. */
export function Launcher({
  isOpen,
  unread,
  position,
  label,
  onOpen,
  onClose,
  children,
}: LauncherProps) {
  const corner = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(isOpen)
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  useEffect(() => fitToViewport(corner.current), [])

  return (
    <div
      ref={corner}
      class={`corner ${position}`}
      onKeyDown={({ key }) => {
        if (key === 'Escape' && isOpen) onClose()
      }}
    >
      {isOpen ? (
        children
      ) : (
        <button
          ref={button}
          type="button"
          class={label ? 'launcher wide' : 'launcher'}
          onClick={onOpen}
        >
          <Icon name="chat" />
          <span class={label ? '' : 'visually-hidden'}>{label ?? words.open}</span>
          {unread > 0 && (
            <span class="badge">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span class="visually-hidden">{words.newMessages(unread)}</span>
            </span>
          )}
        </button>
      )}
    </div>
  )
}

/** On phones the keyboard takes a part of the screen: the window gets what is left. */
function fitToViewport(corner: HTMLElement | null): (() => void) | undefined {
  const { visualViewport: viewport } = window
  if (!corner || !viewport) return undefined
  const fit = () => corner.style.setProperty('--screen', `${viewport.height}px`)
  fit()
  viewport.addEventListener('resize', fit)
  return () => viewport.removeEventListener('resize', fit)
}
