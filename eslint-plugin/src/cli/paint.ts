import { styleText } from 'node:util';
import { PLAIN, type Paint } from '../audit/formats/text.js';

/** Colours where a terminal shows them and nobody asked for none with `NO_COLOR`. */
export function createPaint(isTerminal: boolean): Paint {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  const isWanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '0';
  if (!isWanted && (!isTerminal || (NO_COLOR !== undefined && NO_COLOR !== ''))) return PLAIN;
  const style = (format: 'bold' | 'dim' | 'red' | 'yellow' | 'green') => (text: string) =>
    styleText(format, text, { validateStream: false });
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    yellow: style('yellow'),
    green: style('green'),
  };
}
