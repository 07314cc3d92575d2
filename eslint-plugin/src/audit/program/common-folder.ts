import { dirname, sep } from 'node:path';

/** The innermost folder that all of some absolute paths are in, or are. */
export function commonFolder([first = '.', ...others]: readonly string[]): string {
  let folder = first;
  while (!others.every((other) => other === folder || other.startsWith(withSeparator(folder)))) {
    folder = dirname(folder);
  }
  return folder;
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}
