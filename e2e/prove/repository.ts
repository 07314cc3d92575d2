import { fileURLToPath } from 'node:url';

/** The folder of the whole repository, as seen from where this file is compiled to. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../', import.meta.url));
