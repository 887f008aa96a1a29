/** The few signs on buttons, drawn so that no font makes pictures of them. */

const paths = {
  first: 'M4 3v10M13 3 6.5 8l6.5 5z',
  back: 'M10.5 3 4.5 8l6 5z',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  forward: 'M5.5 3l6 5-6 5z',
  last: 'M12 3v10M3 3l6.5 5L3 13z',
};

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
