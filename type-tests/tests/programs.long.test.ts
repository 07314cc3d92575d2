import { compilers } from '@justscale/type-tests/compilers';
import { compileProgramsOn } from './compile-programs-on.js';

compileProgramsOn(compilers);
