'use strict';

module.exports = require('./dist/replay/index.js');
