const PATHS = {
  chat: 'M4 5h16v11H9l-5 4z',
  send: 'M3 11.5 21 3l-5.5 18-4-7.5zM11.5 13.5 21 3',
  attach:
    'm20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.3-2.3L14.5 7',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M12 5v14m-6-6 6 6 6-6',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  bot: 'M5 9h14v10H5zM12 9V5M9 13v2m6-2v2M2 13v3m20-3v3',
  tick: 'm5 12 5 5 9-10',
  ticks: 'm2 12 5 5 9-10m-4 8 2 2 9-10',
}

/** Beside words, or in a button that has a label: it says nothing by itself. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
