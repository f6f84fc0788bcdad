/* common_words.c: words that begin with a capital letter and name nobody: what sentences begin with, institutions, calendars, languages.
 * Knows nothing of texts. */
#include "custom/reveals.h"

/* Folded, in both languages. Left out on purpose: whatever is also a common name (May, Mark, Will, Rosa, Angel, ...). */
static const char *const lists[] = {
    "a about according after again all also although an and another any anybody anyone are around as asked at away back because been before being both but by "
    "called came can could did do does down during each either even every everyone few finally first following for from further had has have having "
    "he her here hers him his how however i if in into is it its itself just last later let like many me meanwhile more most my neither never next no "
    "nobody none nor not nothing now of off on once one only or other others our out over own per please said same second several she since so some "
    "somebody someone soon such than that the their them then there these they this those though three through thus to told too toward two under "
    "until up upon us very was we were what when where whether which while who whoever whom whose why with within without would yes yet you your",
    "a acerca ademas ahi ahora al algo alguien algun alguna algunas alguno algunos alla alli ambos ante antes aquel aquella aqui asi aun aunque bajo "
    "bien cada casi como con contra cual cuales cualquier cuando cuanto de del desde despues dice dicen dijo dijeron donde dos dia durante e el ella "
    "ellas ellos en encima entonces entre era eran es esa esas ese eso esos esta estaba estaban estado estan estas este esto estos fue fueron ha habia "
    "hace hacia han hasta hay he hubo igual incluso junto la las le les lo los luego mas me media mediante mi mientras misma mismo muchas mucho muchos "
    "muy nada nadie ni ningun ninguna ninguno no nos nosotros nuestra nuestro nunca o os otra otras otro otros para pero poco por porque primero pues "
    "que quien quienes se segun ser si sido siempre sin sino sobre solo son su sus tal tambien tampoco tan tanto te tenia tiene todas todo todos tras "
    "tres tu tuvo un una unas uno unos usted ustedes vez y ya yo",
    "complainant complaint complaints officer officers police department dept district unit division bureau affairs internal investigation "
    "investigators allegation allegations allegedly report reported reports person persons people man men woman women child children resident residents "
    "driver passenger witness witnesses victim student supervisor supervisors sergeant lieutenant captain corporal detective chief inspector "
    "commissioner deputy patrol station precinct headquarters court county city state hospital school office board commission committee group working "
    "community center public safety traffic stop stopped victims sergeants districts homicide radio field fire services abuse force authority detention taser criminal justice facebook iphone avenue street traffic vehicle parking narcotics commander civilian accident special airport phone northeast northwest southeast southwest highway car body camera video act law code section policy directive order warrant miranda "
    "queja denuncia quejas persona personas hombre mujer nino nina residente residentes agente agentes oficial oficiales policia departamento "
    "distrito unidad division asuntos internos investigacion testigo testigos victima alumno supervisor supervisora sargento teniente capitan "
    "detective jefe jefa inspector comisario patrulla comisaria tribunal juzgado condado ciudad estado hospital escuela oficina junta comision comite "
    "grupo trabajo comunidad centro publica seguridad transito vehiculo auto camara video ley codigo seccion politica orden",
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december "
    "lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "english spanish american african black white latino latina latinos hispanic asian muslim christian jewish puerto rican dominican ingles espanol "
    "lancaster pennsylvania pa usa us united states estados unidos am pm ok id dui swat iad pd dea fbi cpwg tv gps ems emt er cctv suv dc usc da dhs pfa nypd phila philadelphia ii iii iv ssn dob fyi vs re",
};

bool word_is_common(const struct word *word)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (word_in(word, lists[i]))
            return true;
    return false;
}
